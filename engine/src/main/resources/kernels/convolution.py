# Single convolutions and what stands right around them.

class K(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # The entry of a network: a convolution that keeps the size.
  def entry(self: __torch__.K, x: Tensor, w: Dict[str, Tensor], padding: int) -> Tensor:
    return __torch__.common.conv(x, w["weight"], w["bias"], 1, padding)

  # Halves the map. Padding 0 means: one row and one column of zeros at the far ends only.
  def halve(self: __torch__.K, x: Tensor, w: Dict[str, Tensor], padding: int) -> Tensor:
    y = x
    if padding == 0:
      y = torch.constant_pad_nd(x, [0, 1, 0, 1])
    return __torch__.common.conv(y, w["weight"], w["bias"], 2, padding)

  # Nearest-neighbour enlargement to height x width, then a convolution.
  def enlarge(self: __torch__.K, x: Tensor, w: Dict[str, Tensor], height: int, width: int) -> Tensor:
    y = torch.upsample_nearest2d(x.to(w["weight"].dtype), [height, width])
    return __torch__.common.conv(y, w["weight"], w["bias"], 1, 1)

  # The exit of a network: norm, SiLU, convolution.
  def exit(self: __torch__.K, x: Tensor, norm: Dict[str, Tensor], w: Dict[str, Tensor], groups: int, eps: float, padding: int) -> Tensor:
    y = __torch__.common.norm_silu(x, norm["weight"], norm["bias"], groups, eps)
    return __torch__.common.conv(y, w["weight"], w["bias"], 1, padding)
