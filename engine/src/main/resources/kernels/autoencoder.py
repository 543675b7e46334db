# What AutoencoderKL has besides resnet blocks.

class K(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # The attention in the middle: one head over the places of a map, with GroupNorm and residual.
  # x: [batch, channels, height, width]
  def attend(self: __torch__.K, x: Tensor, w: Dict[str, Tensor], groups: int, eps: float) -> Tensor:
    n = torch.group_norm(x, groups, w["group_norm.weight"], w["group_norm.bias"], eps)
    t = torch.reshape(__torch__.common.tokens_of(n), [x.size(0), -1, x.size(1)])
    q = __torch__.common.linear(t, w, "to_q")
    k = __torch__.common.linear(t, w, "to_k")
    v = __torch__.common.linear(t, w, "to_v")
    a = __torch__.common.linear(__torch__.common.attention(q, k, v, 1, False), w, "to_out.0")
    return torch.add(__torch__.common.map_of(a, x), x)

  # A 1x1 convolution, such as those between latents and an autoencoder's halves.
  def pointwise(self: __torch__.K, x: Tensor, w: Dict[str, Tensor]) -> Tensor:
    return __torch__.common.conv(x, w, "", 1, 0)

  # The encoder's output to mean and logarithm of variance, the latter kept where its exponential is sane.
  # x: [batch, 2 * latent channels, height, width]
  def moments(self: __torch__.K, x: Tensor) -> List[Tensor]:
    mean, log_variance = torch.chunk(x, 2, 1)
    return [torch.contiguous(mean), torch.clamp(log_variance, -30., 20.)]
