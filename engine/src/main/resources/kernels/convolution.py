# Single convolutions and what stands right around them. Each takes and returns one map per group.

class K(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # The entry of a network: a convolution that keeps the size. From here on channels are last.
  def entry(self: __torch__.K, xs: List[Tensor], w: Dict[str, Tensor], padding: int, prefix: str, terms: List[Dict[str, Tensor]], ranges: List[int]) -> List[Tensor]:
    out = annotate(List[Tensor], [])
    for i in range(torch.len(xs)):
      x = torch.contiguous(xs[i], memory_format=2)
      y = __torch__.common.conv(x, w, "", 1, padding)
      if torch.len(ranges) > 0:
        y = __torch__.common.add_conv_terms(y, x, prefix, 1, padding, i, terms, ranges)
      _0 = torch.append(out, torch.contiguous(y, memory_format=2))
    return out

  # Halves the maps. Padding 0 means: one row and one column of zeros at the far ends only.
  def halve(self: __torch__.K, xs: List[Tensor], w: Dict[str, Tensor], padding: int, prefix: str, terms: List[Dict[str, Tensor]], ranges: List[int]) -> List[Tensor]:
    out = annotate(List[Tensor], [])
    for i in range(torch.len(xs)):
      x = xs[i]
      if padding == 0:
        x = torch.constant_pad_nd(x, [0, 1, 0, 1])
      y = __torch__.common.conv(x, w, "", 2, padding)
      if torch.len(ranges) > 0:
        y = __torch__.common.add_conv_terms(y, x, prefix, 2, padding, i, terms, ranges)
      _0 = torch.append(out, y)
    return out

  # Nearest-neighbour enlargement, then a convolution. sizes: height and width of each group
  def enlarge(self: __torch__.K, xs: List[Tensor], w: Dict[str, Tensor], sizes: List[int], prefix: str, terms: List[Dict[str, Tensor]], ranges: List[int]) -> List[Tensor]:
    out = annotate(List[Tensor], [])
    for i in range(torch.len(xs)):
      x = xs[i]
      x = torch.upsample_nearest2d(x.to(w["weight"].dtype), [sizes[2 * i], sizes[2 * i + 1]])
      y = __torch__.common.conv(x, w, "", 1, 1)
      if torch.len(ranges) > 0:
        y = __torch__.common.add_conv_terms(y, x, prefix, 1, 1, i, terms, ranges)
      _0 = torch.append(out, y)
    return out

  # The exit of a network: norm, SiLU, convolution.
  def exit(self: __torch__.K, xs: List[Tensor], norm: Dict[str, Tensor], w: Dict[str, Tensor], groups: int, eps: float, padding: int, prefix: str, terms: List[Dict[str, Tensor]], ranges: List[int]) -> List[Tensor]:
    out = annotate(List[Tensor], [])
    for i in range(torch.len(xs)):
      x = __torch__.common.norm_silu(xs[i], norm["weight"], norm["bias"], groups, eps)
      y = __torch__.common.conv(x, w, "", 1, padding)
      if torch.len(ranges) > 0:
        y = __torch__.common.add_conv_terms(y, x, prefix, 1, padding, i, terms, ranges)
      _0 = torch.append(out, torch.contiguous(y))
    return out
