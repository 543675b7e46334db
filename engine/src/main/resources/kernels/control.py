# What a ControlNet has beside a UNet's encoder.

class K(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # The picture that it is shown, to the size of the latents: convolutions with SiLU between them.
  # x: [1, 3, height, width] in 0..1; strides: one for each convolution
  def embed(self: __torch__.K, x: Tensor, convolutions: List[Dict[str, Tensor]], strides: List[int]) -> Tensor:
    y = torch.contiguous(x, memory_format=2)
    for i in range(torch.len(convolutions)):
      if i > 0:
        y = torch.silu_(y)
      y = __torch__.common.conv(y, convolutions[i], "", strides[i], 1)
    return y

  # The entry with the embedded picture, in place.
  def join(self: __torch__.K, xs: List[Tensor], pictures: List[Tensor]) -> Tensor:
    for i in range(torch.len(xs)):
      _0 = torch.add_(xs[i], pictures[i])
    return xs[0]

  # One skip connection's residual: a 1x1 convolution.
  def residual(self: __torch__.K, xs: List[Tensor], w: Dict[str, Tensor]) -> List[Tensor]:
    out = annotate(List[Tensor], [])
    for i in range(torch.len(xs)):
      _0 = torch.append(out, __torch__.common.conv(xs[i], w, "", 1, 0))
    return out

  # Adds scaled residuals to some rows of a UNet's maps, in place.
  # places: [rows]; scales: [rows, 1, 1, 1]
  def add(self: __torch__.K, maps: List[Tensor], residuals: List[Tensor], groups: List[int], places: List[Tensor], scales: List[Tensor]) -> Tensor:
    for i in range(torch.len(groups)):
      _0 = torch.index_add_(maps[groups[i]], 0, places[i], torch.mul(residuals[i], scales[i]))
    return maps[0]

  # Some rows of a batch's maps. Returns one map for each group wanted.
  def rows(self: __torch__.K, maps: List[Tensor], groups: List[int], places: List[Tensor]) -> List[Tensor]:
    out = annotate(List[Tensor], [])
    for i in range(torch.len(groups)):
      _0 = torch.append(out, torch.index_select(maps[groups[i]], 0, places[i]))
    return out

  # Rows of other tensors.
  def selected(self: __torch__.K, x: Tensor, places: Tensor) -> Tensor:
    return torch.index_select(x, 0, places)
