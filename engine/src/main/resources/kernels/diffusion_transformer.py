# The ends of a diffusion transformer whose conditions are tokens (Peebles and Xie 2023, section 3.2, in-context
# conditioning); its blocks, and what the passes are, are in `trained_block`. States begin with one token of the time
# and one of the label, then come the patches row by row. A filter's sizes tell how large patches are.

# [rows, channels, height, width] to [rows, places, numbers of a patch]
def patches_of(x: Tensor, patch: int) -> Tensor:
  cut = torch.reshape(x, [x.size(0), x.size(1), x.size(2) // patch, patch, x.size(3) // patch, patch])
  return torch.reshape(torch.permute(cut, [0, 2, 4, 1, 3, 5]), [x.size(0), -1, x.size(1) * patch * patch])

class K(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # inputs: latents [rows, channels, height, width]; times [rows], 0 to 1; labels, int64 [rows]
  def embedding_forward(self: __torch__.K, inputs: List[Tensor], w: Dict[str, Tensor], heads: int, causal: bool) -> List[Tensor]:
    latents, times, labels, = inputs
    filter = w["patches.weight"]  # [channels, latent channels, patch, patch]
    patches = __torch__.patches_of(latents, filter.size(2)).to(filter.dtype)
    waves = __torch__.common.waves(torch.mul(times, 1000.), w["time.first.weight"].size(1), True, 0.).to(filter.dtype)
    h = torch.linear(waves, w["time.first.weight"], w["time.first.bias"])
    time = torch.linear(torch.silu(h), w["time.second.weight"], w["time.second.bias"])
    label = torch.embedding(w["labels.weight"], labels)
    places = torch.linear(patches, torch.flatten(filter, 1), w["patches.bias"])
    places = torch.add_(places, w["positions.weight"])
    x = torch.cat([torch.unsqueeze(time, 1), torch.unsqueeze(label, 1), places], 1)
    return [x, patches, waves, h, labels]

  # Noisy latents, times and labels have no gradient; the result is the one that came.
  def embedding_backward(self: __torch__.K, gradient: Tensor, kept: List[Tensor], w: Dict[str, Tensor], heads: int, causal: bool) -> List[Tensor]:
    patches, waves, h, labels, = kept
    d_time = torch.select(gradient, 1, 0)
    d_h = torch.silu_backward(torch.matmul(d_time, w["time.second.weight"]), h)
    return [gradient, patches, waves, h, labels, d_h, gradient]

  def embedding_weights(self: __torch__.K, kept: List[Tensor], gradients: Dict[str, Tensor]) -> Tensor:
    patches, waves, h, labels, d_h, gradient, = kept
    d_places = torch.slice(gradient, 1, 2)
    __torch__.common.add_linear_gradient(gradients, "patches", patches, d_places)
    _0 = torch.add_(gradients["positions.weight"], torch.sum(d_places, [0]))
    __torch__.common.add_linear_gradient(gradients, "time.first", waves, d_h)
    __torch__.common.add_linear_gradient(gradients, "time.second", torch.silu(h), torch.select(gradient, 1, 0))
    table = gradients["labels.weight"]
    d_label = torch.select(gradient, 1, 1)
    return torch.add_(table, torch.embedding_dense_backward(d_label, labels, table.size(0), -1, False))

  # The mean squared error of all numbers. inputs: x; target, like the latents
  def head_forward(self: __torch__.K, inputs: List[Tensor], w: Dict[str, Tensor], heads: int, causal: bool) -> List[Tensor]:
    x = torch.contiguous(torch.slice(inputs[0], 1, 2))
    weight = w["head.weight"]  # [latent channels, patch, patch, channels]
    n, mean, rstd, = torch.native_layer_norm(x, [x.size(-1)], w["norm.weight"], w["norm.bias"], 1.0000000000000001e-05)
    y = torch.linear(n, torch.flatten(weight, 0, 2), w["head.bias"])
    error = torch.sub(y, __torch__.patches_of(inputs[1], weight.size(1)).to(y.dtype))
    return [torch.mean(torch.mul(error, error)), x, mean, rstd, n, error]

  # gradient: of the loss, a single number
  def head_backward(self: __torch__.K, gradient: Tensor, kept: List[Tensor], w: Dict[str, Tensor], heads: int, causal: bool) -> List[Tensor]:
    x, mean, rstd, n, error, = kept
    d_y = torch.mul(error, torch.mul(gradient, 2. / torch.numel(error)))
    d_n = torch.matmul(d_y, torch.flatten(w["head.weight"], 0, 2))
    d_x, d_weight, d_bias, = torch.native_layer_norm_backward(d_n, x, [x.size(-1)], mean, rstd, w["norm.weight"], w["norm.bias"], [True, True, True])
    return [torch.constant_pad_nd(d_x, [0, 0, 2, 0]), d_weight, d_bias, n, d_y]

  def head_weights(self: __torch__.K, kept: List[Tensor], gradients: Dict[str, Tensor]) -> Tensor:
    d_weight, d_bias, n, d_y, = kept
    __torch__.common.add_norm_gradient(gradients, "norm", d_weight, d_bias)
    __torch__.common.add_linear_gradient(gradients, "head", n, d_y)
    return gradients["norm.weight"]
