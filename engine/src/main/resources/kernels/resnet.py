# ResnetBlock2D: two convolutions with GroupNorm and SiLU, the time embedding added between them, and a
# 1x1 shortcut where the channel number changes. Everything fp32 but the products.

def first_half(x: Tensor, w: Dict[str, Tensor], groups: int, eps: float, group: int, prefix: str, terms: List[Dict[str, Tensor]], ranges: List[int]) -> Tensor:
  h = __torch__.common.norm_silu(x, w["norm1.weight"], w["norm1.bias"], groups, eps)
  return __torch__.common.adapted_conv(h, w, "conv1", 1, 1, group, prefix, terms, ranges)

def second_half(x: Tensor, h: Tensor, w: Dict[str, Tensor], groups: int, eps: float, scale: float, group: int, prefix: str, terms: List[Dict[str, Tensor]], ranges: List[int]) -> Tensor:
  g = __torch__.common.norm_silu(h, w["norm2.weight"], w["norm2.bias"], groups, eps)
  out = __torch__.common.adapted_conv(g, w, "conv2", 1, 1, group, prefix, terms, ranges)
  if "conv_shortcut.weight" in w:
    out = torch.add_(out, __torch__.common.adapted_conv(x, w, "conv_shortcut", 1, 0, group, prefix, terms, ranges))
  else:
    out = torch.add_(out, x)
  if scale != 1.:
    out = torch.div_(out, scale)
  return out

class K(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # x: [batch, in, height, width] to [batch, out, height, width]
  def plain(self: __torch__.K, x: Tensor, w: Dict[str, Tensor], groups: int, eps: float, scale: float) -> Tensor:
    terms = annotate(List[Dict[str, Tensor]], [])
    ranges = annotate(List[int], [])
    h = __torch__.first_half(x, w, groups, eps, 0, "", terms, ranges)
    return __torch__.second_half(x, h, w, groups, eps, scale, 0, "", terms, ranges)

  # xs: maps of the groups; time: [rows of all groups, time channels] after SiLU
  def timed(self: __torch__.K, xs: List[Tensor], time: Tensor, w: Dict[str, Tensor], groups: int, eps: float, scale: float, prefix: str, terms: List[Dict[str, Tensor]], ranges: List[int]) -> List[Tensor]:
    counts = annotate(List[int], [])
    for i in range(torch.len(xs)):
      _0 = torch.append(counts, torch.size(xs[i], 0))
      _1 = torch.append(counts, 1)
    shift = __torch__.common.linear(time, w, "time_emb_proj")  # [rows, out]
    if torch.len(ranges) > 0:
      shift = __torch__.common.add_terms(shift, time, torch.add(prefix, "time_emb_proj"), terms, __torch__.common.spans_of(ranges, counts))
    out = annotate(List[Tensor], [])
    row = 0
    for j in range(torch.len(xs)):
      x = xs[j]
      h = __torch__.first_half(x, w, groups, eps, j, prefix, terms, ranges)
      own = torch.slice(shift, 0, row, row + x.size(0))
      h = torch.add_(h, torch.unsqueeze(torch.unsqueeze(own, 2), 3))
      _2 = torch.append(out, __torch__.second_half(x, h, w, groups, eps, scale, j, prefix, terms, ranges))
      row = row + x.size(0)
    return out

  # The same on maps and skip connections, joined on the channel axis.
  def joined(self: __torch__.K, xs: List[Tensor], skips: List[Tensor], time: Tensor, w: Dict[str, Tensor], groups: int, eps: float, scale: float, prefix: str, terms: List[Dict[str, Tensor]], ranges: List[int]) -> List[Tensor]:
    both = annotate(List[Tensor], [])
    for i in range(torch.len(xs)):
      _0 = torch.append(both, torch.cat([xs[i], skips[i]], 1))
    return self.timed(both, time, w, groups, eps, scale, prefix, terms, ranges)

  # On active tokens. xs: the tokens, and those of the skip connection if there is one; shift per row as above;
  # index, rings: windows of a convolution that keeps the size; recorded: what `active_norm` takes for the
  # first norm, then each member's input of the first convolution, then the same of the second.
  # Returns the tokens, both convolutions' inputs, and what both norms return beside the tokens.
  def active(self: __torch__.K, xs: List[Tensor], time: Tensor, w: Dict[str, Tensor], groups: int, eps: float, scale: float, counts: List[int], places: List[Tensor], index: Tensor, rings: List[Tensor], recorded: List[Tensor], prefix: str, terms: List[Dict[str, Tensor]], ranges: List[int]) -> List[Tensor]:
    members = torch.len(counts) // 2
    spans = __torch__.common.spans_of(ranges, counts)
    x = xs[0]
    if torch.len(xs) > 1:
      x = torch.cat(xs, 1)
    rows = annotate(List[int], [])
    for g in range(members):
      _0 = torch.append(rows, counts[2 * g])
      _1 = torch.append(rows, 1)
    shift = __torch__.common.linear(time, w, "time_emb_proj").to(6)  # [rows, out]
    shift = __torch__.common.add_terms(shift, time, torch.add(prefix, "time_emb_proj"), terms, __torch__.common.spans_of(ranges, rows))
    kind = w["conv1.weight"].dtype
    first = __torch__.common.active_norm(x, w["norm1.weight"], w["norm1.bias"], groups, eps, counts, places, torch.slice(recorded, 0, 2 * members))
    n = torch.silu_(first[0])
    source = __torch__.common.active_source(n, torch.slice(recorded, 2 * members, 3 * members), rings, kind)
    h = __torch__.common.active_conv(source, w, "conv1.", index, torch.add(prefix, "conv1"), terms, spans)
    at = 0
    row = 0
    for g in range(members):
      last = at + counts[2 * g] * counts[2 * g + 1]
      own = torch.slice(h, 0, at, last).view([counts[2 * g], counts[2 * g + 1], -1])
      _2 = torch.add_(own, torch.unsqueeze(torch.slice(shift, 0, row, row + counts[2 * g]), 1))
      at = last
      row = row + counts[2 * g]
    second = __torch__.common.active_norm(h, w["norm2.weight"], w["norm2.bias"], groups, eps, counts, places, torch.slice(recorded, 3 * members, 5 * members))
    m = torch.silu_(second[0])
    source = __torch__.common.active_source(m, torch.slice(recorded, 5 * members), rings, kind)
    out = __torch__.common.active_conv(source, w, "conv2.", index, torch.add(prefix, "conv2"), terms, spans)
    if "conv_shortcut.weight" in w:
      out = torch.add_(out, __torch__.common.active_pointwise(x, w, "conv_shortcut.", torch.add(prefix, "conv_shortcut"), terms, spans))
    else:
      out = torch.add_(out, x)
    if scale != 1.:
      out = torch.div_(out, scale)
    return torch.add(torch.add([out, n, m], torch.slice(first, 1)), torch.slice(second, 1))
