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

  # The entry on active tokens, from whole maps. xs: one [rows, in, height, width] for each member
  def active_entry(self: __torch__.K, xs: List[Tensor], w: Dict[str, Tensor], counts: List[int], index: Tensor, prefix: str, terms: List[Dict[str, Tensor]], ranges: List[int]) -> Tensor:
    flat = annotate(List[Tensor], [])
    for i in range(torch.len(xs)):
      _0 = torch.append(flat, __torch__.common.tokens_of(xs[i]).to(w["weight"].dtype))
    _1 = torch.append(flat, torch.zeros([1, xs[0].size(1)], dtype=w["weight"].dtype, device=xs[0].device))
    return __torch__.common.active_conv(torch.cat(flat), w, "", index, prefix, terms, __torch__.common.spans_of(ranges, counts))

  # A convolution to another size, or the same, on active tokens. counts: of the outputs; recorded: each member's
  # input
  def active(self: __torch__.K, x: Tensor, w: Dict[str, Tensor], counts: List[int], index: Tensor, rings: List[Tensor], recorded: List[Tensor], prefix: str, terms: List[Dict[str, Tensor]], ranges: List[int]) -> Tensor:
    source = __torch__.common.active_source(x, recorded, rings, w["weight"].dtype)
    return __torch__.common.active_conv(source, w, "", index, prefix, terms, __torch__.common.spans_of(ranges, counts))

  # The exit on active tokens. places: of each member's tokens; sizes: height and width of each member's map;
  # recorded: what `active_norm` takes, then each member's input of the convolution.
  # Returns one map per member, zero where nothing was computed, then the convolution's input, then what the norm returns beside.
  def active_exit(self: __torch__.K, x: Tensor, norm: Dict[str, Tensor], w: Dict[str, Tensor], groups: int, eps: float, counts: List[int], places: List[Tensor], sizes: List[int], index: Tensor, rings: List[Tensor], recorded: List[Tensor], prefix: str, terms: List[Dict[str, Tensor]], ranges: List[int]) -> List[Tensor]:
    members = torch.len(counts) // 2
    normed = __torch__.common.active_norm(x, norm["weight"], norm["bias"], groups, eps, counts, places, torch.slice(recorded, 0, 2 * members))
    n = torch.silu_(normed[0])
    source = __torch__.common.active_source(n, torch.slice(recorded, 2 * members), rings, w["weight"].dtype)
    y = __torch__.common.active_conv(source, w, "", index, prefix, terms, __torch__.common.spans_of(ranges, counts))
    out = annotate(List[Tensor], [])
    first = 0
    for g in range(members):
      last = first + counts[2 * g] * counts[2 * g + 1]
      own = torch.slice(y, 0, first, last).view([counts[2 * g], counts[2 * g + 1], -1])
      map = torch.zeros([counts[2 * g], sizes[2 * g] * sizes[2 * g + 1], y.size(1)], dtype=6, device=y.device)
      map = torch.index_copy_(map, 1, places[g], own).view([counts[2 * g], sizes[2 * g], sizes[2 * g + 1], -1])
      _0 = torch.append(out, torch.contiguous(torch.permute(map, [0, 3, 1, 2])))
      first = last
    return torch.add(torch.add(out, [n]), torch.slice(normed, 1))

  # A part of recorded tokens as bf16 bits that DJL reads as fp16: [rows, places, channels]
  def kept(self: __torch__.K, x: Tensor, first: int, last: int, rows: int) -> Tensor:
    return torch.view_copy(torch.slice(x, 0, first, last).to(15), dtype=5).view([rows, -1, x.size(1)])

  # The same of a whole tensor.
  def kept_whole(self: __torch__.K, x: Tensor) -> Tensor:
    return torch.view_copy(x.to(15), dtype=5).contiguous()
