# Single convolutions and what stands right around them.

class K(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # The entry of a network: to the compute type, then a convolution that keeps the size.
  def entry(self: __torch__.K, x: Tensor, w: Dict[str, Tensor], padding: int) -> Tensor:
    return torch.conv2d(x.to(w["weight"].dtype), w["weight"], w["bias"], [1, 1], [padding, padding])

  # Halves the map. Padding 0 means: one row and one column of zeros at the far ends only.
  def halve(self: __torch__.K, x: Tensor, w: Dict[str, Tensor], padding: int) -> Tensor:
    y = x
    if padding == 0:
      y = torch.constant_pad_nd(x, [0, 1, 0, 1])
    return torch.conv2d(y, w["weight"], w["bias"], [2, 2], [padding, padding])

  # Nearest-neighbour enlargement to height x width, then a convolution.
  def enlarge(self: __torch__.K, x: Tensor, w: Dict[str, Tensor], height: int, width: int) -> Tensor:
    y = torch.upsample_nearest2d(x, [height, width])
    return torch.conv2d(y, w["weight"], w["bias"], [1, 1], [1, 1])

  # The exit of a network: norm, SiLU, convolution, back to fp32.
  def exit(self: __torch__.K, x: Tensor, norm: Dict[str, Tensor], w: Dict[str, Tensor], groups: int, eps: float, padding: int) -> Tensor:
    y = torch.silu_(torch.group_norm(x, groups, norm["weight"], norm["bias"], eps))
    return torch.conv2d(y, w["weight"], w["bias"], [1, 1], [padding, padding]).to(6)
