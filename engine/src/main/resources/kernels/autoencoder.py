# What AutoencoderKL has besides resnet blocks.

# GroupNorm and SiLU in fp32, with the statistics of x or with those given.
# given: fp32 [2, groups], means and reciprocals of standard deviations; or nothing
# Returns the result, and the statistics of the first row.
def norm_silu(x: Tensor, weight: Tensor, bias: Tensor, groups: int, eps: float, given: Tensor) -> List[Tensor]:
  if torch.eq(torch.numel(given), 0):
    dense = torch.contiguous(x, memory_format=2)
    y, mean, scale = torch.native_group_norm(dense, weight, bias, x.size(0), x.size(1), x.size(2) * x.size(3), groups, eps)
    statistics = torch.stack([torch.select(mean, 0, 0), torch.select(scale, 0, 0)])
  else:
    each = x.size(1) // groups
    gain = torch.mul(torch.repeat_interleave(torch.select(given, 0, 1), each), weight)
    offset = torch.sub(bias, torch.mul(torch.repeat_interleave(torch.select(given, 0, 0), each), gain))
    y = torch.addcmul(offset.view([1, -1, 1, 1]), x, gain.view([1, -1, 1, 1]))
    statistics = given
  return [torch.silu_(y), statistics]

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

  # A part of a map, its channels lying as they did. edges: first row, last row plus one, the same of columns
  def cut(self: __torch__.K, x: Tensor, edges: List[int]) -> Tensor:
    part = torch.slice(torch.slice(x, 2, edges[0], edges[1]), 3, edges[2], edges[3])
    if x.is_contiguous():
      part = torch.contiguous(part)
    else:
      part = torch.contiguous(part, memory_format=2)
    return part

  # Two convolutions with GroupNorm and SiLU, and a residual.
  # given: fp32 [2, 2, groups], for both norms; or nothing. Returns the map, and the statistics likewise.
  def resnet(self: __torch__.K, x: Tensor, w: Dict[str, Tensor], groups: int, eps: float, given: Tensor) -> List[Tensor]:
    first = given
    second = given
    if torch.ne(torch.numel(given), 0):
      first = torch.select(given, 0, 0)
      second = torch.select(given, 0, 1)
    n = __torch__.norm_silu(x, w["norm1.weight"], w["norm1.bias"], groups, eps, first)
    h = __torch__.common.conv(n[0], w, "conv1.", 1, 1)
    m = __torch__.norm_silu(h, w["norm2.weight"], w["norm2.bias"], groups, eps, second)
    out = __torch__.common.conv(m[0], w, "conv2.", 1, 1)
    if "conv_shortcut.weight" in w:
      out = torch.add_(out, __torch__.common.conv(x, w, "conv_shortcut.", 1, 0))
    else:
      out = torch.add_(out, x)
    return [out, torch.stack([n[1], m[1]])]

  # GroupNorm, SiLU and a convolution that keeps the size, to fp32. given: fp32 [1, 2, groups]; or nothing
  def exit(self: __torch__.K, x: Tensor, norm: Dict[str, Tensor], w: Dict[str, Tensor], groups: int, eps: float, given: Tensor) -> List[Tensor]:
    own = given
    if torch.ne(torch.numel(given), 0):
      own = torch.select(given, 0, 0)
    n = __torch__.norm_silu(x, norm["weight"], norm["bias"], groups, eps, own)
    return [torch.contiguous(__torch__.common.conv(n[0], w, "", 1, 1)), torch.unsqueeze(n[1], 0)]
