# Functions that several kernels share. They are called as __torch__.common.NAME.
#
# Between kernels, and along residual connections inside them, maps and states are fp32; products take the type
# of their weights. Rounding then stays within the branches and does not pile up with depth. Type 6 is fp32.
#
# Maps of a mixed batch come as a list with one map per group; the rows of a group have one size. Maps lie with
# their channels last (memory format 2), so that tokens and maps are two views of the same numbers.
#
# Weights lie in dictionaries by their names; those that a processor multiplies by are packed into its own
# layout. Low-rank terms of adapters come as `terms`, a dictionary per set of adapters with the full names of the
# layers, and `ranges`, four numbers for each run of rows that has such a set: which, group, first row, last row
# plus one.

# A weight that a layer may lack.
def optional(w: Dict[str, Tensor], name: str) -> Optional[Tensor]:
  found = annotate(Optional[Tensor], None)
  if name in w:
    found = w[name]
  return found

# Linear layer `name` in the type of its weights.
def linear(x: Tensor, w: Dict[str, Tensor], name: str) -> Tensor:
  weight = w[torch.add(name, ".weight")]
  bias = __torch__.common.optional(w, torch.add(name, ".bias"))
  if weight.is_mkldnn:
    y = ops.mkldnn._linear_pointwise(x.to(weight.dtype), weight, bias, "none", [], "")
  else:
    y = torch.linear(x.to(weight.dtype), weight, bias)
  return y

# GroupNorm and SiLU in fp32.
def norm_silu(x: Tensor, weight: Tensor, bias: Tensor, groups: int, eps: float) -> Tensor:
  return torch.silu_(torch.group_norm(x, groups, weight, bias, eps))

# Square convolution `name` in the type of its weights, with a result in fp32.
def conv(x: Tensor, w: Dict[str, Tensor], name: str, stride: int, padding: int) -> Tensor:
  weight = w[torch.add(name, "weight")]
  bias = __torch__.common.optional(w, torch.add(name, "bias"))
  if weight.is_mkldnn:
    y = ops.mkldnn._convolution_pointwise(x.to(weight.dtype), weight, bias, [padding, padding], [stride, stride], [1, 1], 1, "none", [], "")
  else:
    y = torch.conv2d(x.to(weight.dtype), weight, bias, [stride, stride], [padding, padding])
  return y.to(6)

# LayerNorm over channels in fp32, handed on in the type of `weight_type`.
def layer_norm(x: Tensor, weight: Tensor, bias: Tensor, eps: float, weight_type: int) -> Tensor:
  return torch.layer_norm(x, [x.size(-1)], weight, bias, eps).to(weight_type)

# x + linear(y), in fp32; y is in the weights' type.
def add_linear(x: Tensor, y: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  return torch.add_(torch.linear(y, weight, bias).to(6), x)

# Attention without mask to many keys in bf16 on a processor, where its matrix products are much faster than the
# fused operator. Goal: softmax(q k^T / sqrt(width)) v block by block, without fp32 scores. Constraint: a score that
# is rounded to bf16 is off by its 2^-9th part, so large scores must not be. So what is about the row's largest
# score is subtracted inside the product, by a column of its own: of q the negative estimate, of k ones. The
# estimate is the largest over every eighth key; it need not be exact, since it cancels, and scores near the
# largest come out small and exact. A column of ones in v gives the sum that the row is divided by.
# q, k, v: [batch, heads, queries or keys, width]
def long_attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
  maps = q.size(0) * q.size(1)
  queries = q.size(2)
  width = q.size(3)
  wide = width + 8 - width % 8  # room for one more, a multiple of 8
  qs = torch.reshape(torch.mul(q, torch.pow(width, -0.5)), [maps, queries, width])
  ks = torch.new_zeros(k, [q.size(0), q.size(1), k.size(2), wide])
  _0 = torch.copy_(torch.slice(ks, 3, 0, width), k)
  _1 = torch.fill_(torch.slice(ks, 3, width, width + 1), 1.)
  ks = torch.transpose(ks.view([maps, -1, wide]), 1, 2)
  some = torch.slice(torch.slice(ks, 1, 0, width), 2, 0, 9223372036854775807, 8)
  vs = torch.new_empty(v, [q.size(0), q.size(1), v.size(2), width + 1])
  _2 = torch.copy_(torch.slice(vs, 3, 0, width), v)
  _3 = torch.fill_(torch.slice(vs, 3, width, width + 1), 1.)
  vs = vs.view([maps, -1, width + 1])
  out = torch.empty_like(qs)
  for i in range(maps):
    for j in range((queries + 1023) // 1024):
      block = torch.slice(torch.select(qs, 0, i), 0, j * 1024, (j + 1) * 1024)
      estimate = torch.amax(torch.mm(block, torch.select(some, 0, i)), [1], True)
      block = torch.constant_pad_nd(torch.cat([block, torch.neg(estimate)], 1), [0, wide - width - 1])
      weights = torch.exp_(torch.mm(block, torch.select(ks, 0, i)))
      sums = torch.mm(weights, torch.select(vs, 0, i))
      mixed = torch.div(torch.slice(sums, 1, 0, width), torch.slice(sums, 1, width, width + 1))
      _4 = torch.copy_(torch.slice(torch.select(out, 0, i), 0, j * 1024, (j + 1) * 1024), mixed)
  return torch.reshape(out, q.size())

# Multi-head attention without mask on projected tokens; softmax runs in fp32 inside the fused operator.
# q: [batch, queries, channels]; k, v: [batch, keys, channels]
def attention(q: Tensor, k: Tensor, v: Tensor, heads: int, causal: bool) -> Tensor:
  batch = q.size(0)
  width = q.size(2) // heads
  qh = torch.transpose(q.view([batch, -1, heads, width]), 1, 2)  # [batch, heads, queries, width]
  kh = torch.transpose(k.view([batch, -1, heads, width]), 1, 2)  # [batch, heads, keys, width]
  vh = torch.transpose(v.view([batch, -1, heads, width]), 1, 2)
  fused = True
  mixed = qh
  plain = torch.__not__(torch.__or__(causal, qh.is_cuda))
  many = torch.__and__(torch.ge(kh.size(2), 2048), torch.le(width, 128))
  if torch.__and__(torch.__and__(plain, many), torch.eq(qh.dtype, 15)):
    mixed = __torch__.common.long_attention(qh, kh, vh)
    # Not where the estimate was so far off that a weight overflowed.
    fused = torch.__not__(bool(torch.all(torch.isfinite(mixed))))
  if fused:
    mixed = torch.scaled_dot_product_attention(qh, kh, vh, None, 0., causal)
  return torch.transpose(mixed, 1, 2).reshape([batch, -1, heads * width])

# Sinusoidal embedding (Vaswani et al. 2017) of numbers, fp32 [rows] to [rows, channels].
def waves(numbers: Tensor, channels: int, cosine_first: bool, shift: float) -> Tensor:
  half = channels // 2
  places = torch.arange(half, dtype=6, device=numbers.device)
  frequencies = torch.exp(torch.mul(places, -9.2103403719761836 / (half - shift)))  # 10000 ** -(i / half)
  angles = torch.mul(torch.unsqueeze(numbers, 1), torch.unsqueeze(frequencies, 0))  # [rows, half]
  if cosine_first:
    both = torch.cat([torch.cos(angles), torch.sin(angles)], 1)
  else:
    both = torch.cat([torch.sin(angles), torch.cos(angles)], 1)
  return both

# [batch, channels, height, width] to [batch * height * width, channels]; no copy where channels are last
def tokens_of(x: Tensor) -> Tensor:
  return torch.reshape(torch.permute(x, [0, 2, 3, 1]), [-1, x.size(1)])

# The way back, to the shape of `like`.
def map_of(tokens: Tensor, like: Tensor) -> Tensor:
  size = like.size()
  return torch.permute(torch.reshape(tokens, [size[0], size[2], size[3], size[1]]), [0, 3, 1, 2])

# y + up(down(x)) on the rows that have an adapter for linear layer `name`; y changes in place.
# x, y: [tokens, channels]; spans: three numbers for each run: which, first token, last token plus one
def add_terms(y: Tensor, x: Tensor, name: str, terms: List[Dict[str, Tensor]], spans: List[int]) -> Tensor:
  down_name = torch.add(name, ".down")
  up_name = torch.add(name, ".up")
  for i in range(torch.len(spans) // 3):
    set = terms[spans[3 * i]]
    if down_name in set:
      down = set[down_name]
      part = torch.slice(x, 0, spans[3 * i + 1], spans[3 * i + 2])
      low = torch.linear(part.to(down.dtype), torch.flatten(down, 1))
      high = torch.linear(low, torch.flatten(set[up_name], 1))
      _0 = torch.add_(torch.slice(y, 0, spans[3 * i + 1], spans[3 * i + 2]), high)
  return y

# Linear layer `name` with its adapters. x: [tokens, channels]
def adapted(x: Tensor, w: Dict[str, Tensor], name: str, prefix: str, terms: List[Dict[str, Tensor]], spans: List[int]) -> Tensor:
  y = __torch__.common.linear(x, w, name)
  if torch.len(spans) > 0:
    y = __torch__.common.add_terms(y, x, torch.add(prefix, name), terms, spans)
  return y

# The same as `add_terms` for convolution `name` on the rows of one group.
# x, y: [rows, channels, height, width]
def add_conv_terms(y: Tensor, x: Tensor, name: str, stride: int, padding: int, group: int, terms: List[Dict[str, Tensor]], ranges: List[int]) -> Tensor:
  down_name = torch.add(name, ".down")
  up_name = torch.add(name, ".up")
  for i in range(torch.len(ranges) // 4):
    set = terms[ranges[4 * i]]
    if ranges[4 * i + 1] == group:
      if down_name in set:
        down = set[down_name]
        part = torch.slice(x, 0, ranges[4 * i + 2], ranges[4 * i + 3])
        low = torch.conv2d(part.to(down.dtype), down, None, [stride, stride], [padding, padding])
        high = torch.conv2d(low, set[up_name])
        _0 = torch.add_(torch.slice(y, 0, ranges[4 * i + 2], ranges[4 * i + 3]), high)
  return y

# Convolution with its adapters.
def adapted_conv(x: Tensor, w: Dict[str, Tensor], name: str, stride: int, padding: int, group: int, prefix: str, terms: List[Dict[str, Tensor]], ranges: List[int]) -> Tensor:
  y = __torch__.common.conv(x, w, torch.add(name, "."), stride, padding)
  if torch.len(ranges) > 0:
    y = __torch__.common.add_conv_terms(y, x, torch.add(prefix, name), stride, padding, group, terms, ranges)
  return y

# Runs of rows as runs of tokens on the concatenation of all groups.
# counts: two numbers for each group: rows, and tokens of a row
def spans_of(ranges: List[int], counts: List[int]) -> List[int]:
  spans = annotate(List[int], [])
  for i in range(torch.len(ranges) // 4):
    before = 0
    group = ranges[4 * i + 1]
    for j in range(group):
      before = before + counts[2 * j] * counts[2 * j + 1]
    tokens = counts[2 * group + 1]
    _0 = torch.append(spans, ranges[4 * i])
    _1 = torch.append(spans, before + ranges[4 * i + 2] * tokens)
    _2 = torch.append(spans, before + ranges[4 * i + 3] * tokens)
  return spans

# Active tokens: maps of which some places are computed, see `dev.fresco.engine.mask`. Tokens of all members stand
# one after another, [tokens, channels]: member by member, row by row. counts: two numbers for each member: rows,
# and tokens of a row. What a member does not compute comes from its recording, which is empty where all is computed.

# GroupNorm whose statistics are those that were recorded, corrected by what differs at the active tokens; a member
# without a recording takes those of its tokens, which are the whole map. places: int64, of each member's tokens
# recorded: for each member fp32 [rows, groups, 2], mean and variance; then for each member bf16 bits
# [rows, places, 2 * groups], each place's sums of deviations from the mean and of their squares.
# Returns the normed tokens, then the same two of each member.
def active_norm(x: Tensor, weight: Tensor, bias: Tensor, groups: int, eps: float, counts: List[int], places: List[Tensor], recorded: List[Tensor]) -> List[Tensor]:
  members = torch.len(counts) // 2
  each = x.size(1) // groups
  parts = annotate(List[Tensor], [])
  statistics = annotate(List[Tensor], [])
  sums = annotate(List[Tensor], [])
  first = 0
  for g in range(members):
    rows = counts[2 * g]
    last = first + rows * counts[2 * g + 1]
    own = torch.slice(x, 0, first, last).view([rows, counts[2 * g + 1], -1])
    grouped = own.view([rows, counts[2 * g + 1], groups, each])
    if torch.numel(recorded[g]) == 0:
      mean = torch.mean(grouped, [1, 3])  # [rows, groups]
      deviations = torch.sub(grouped, mean.view([rows, 1, groups, 1]))
      squares = torch.sum(torch.mul(deviations, deviations), [3])  # [rows, places, groups]
      variance = torch.div(torch.mean(squares, [1]), each)
      _0 = torch.append(sums, torch.cat([torch.sum(deviations, [3]), squares], 2))
    else:
      mean, variance = torch.unbind(recorded[g], 2)
      deviations = torch.sub(grouped, mean.view([rows, 1, groups, 1]))
      now = torch.cat([torch.sum(deviations, [3]), torch.sum(torch.mul(deviations, deviations), [3])], 2)
      all = recorded[members + g]
      before = torch.view_copy(torch.index_select(all, 1, places[g]), dtype=15).to(6)
      change = torch.div(torch.sum(torch.sub(now, before), [1]), all.size(1) * each)  # [rows, 2 * groups]
      moved, spread = torch.chunk(change, 2, 1)
      mean = torch.add(mean, moved)
      variance = torch.clamp_min(torch.sub(torch.add(variance, spread), torch.mul(moved, moved)), 0.)
      _1 = torch.append(sums, now)
    _2 = torch.append(statistics, torch.stack([mean, variance], 2))
    gain = torch.mul(torch.repeat_interleave(torch.rsqrt(torch.add(variance, eps)), each, 1), weight)  # [rows, channels]
    offset = torch.sub(bias, torch.mul(torch.repeat_interleave(mean, each, 1), gain))
    normed = torch.addcmul(torch.unsqueeze(offset, 1), own, torch.unsqueeze(gain, 1))
    _3 = torch.append(parts, torch.flatten(normed, 0, 1))
    first = last
  n = parts[0]
  if torch.len(parts) > 1:
    n = torch.cat(parts)
  return torch.add(torch.add([n], statistics), sums)

# What windows are taken from: active tokens, then the ring of each member's map, then a token of zeros.
# recorded: for each member bf16 bits [rows, places, channels]; rings: places of each
def active_source(x: Tensor, recorded: List[Tensor], rings: List[Tensor], kind: int) -> Tensor:
  pieces = [x.to(kind)]
  for g in range(torch.len(rings)):
    if torch.numel(rings[g]) > 0:
      ring = torch.view_copy(torch.index_select(recorded[g], 1, rings[g]), dtype=15)
      _0 = torch.append(pieces, torch.flatten(ring, 0, 1).to(kind))
  _1 = torch.append(pieces, torch.zeros([1, x.size(1)], dtype=kind, device=x.device))
  return torch.cat(pieces)

# A square filter as the matrix that whole windows are multiplied by, [out, taps * in]. Packed filters get a packed
# matrix at first use, which stays in the dictionary.
def window_matrix(w: Dict[str, Tensor], name: str) -> Tensor:
  weight = w[torch.add(name, "weight")]
  key = torch.add(name, "weight.matrix")
  if weight.is_mkldnn:
    if torch.__not__(key in w):
      plain = torch.flatten(torch.permute(torch.to_dense(weight), [0, 2, 3, 1]), 1)
      torch._set_item(w, key, ops.mkldnn._reorder_linear_weight(plain.contiguous(), 1024))
    matrix = w[key]
  else:
    matrix = torch.flatten(torch.permute(weight, [0, 2, 3, 1]), 1)
  return matrix

# Square convolution `name` of windows, with a result in fp32 and with its adapters.
# source: of `active_source`, in the weights' type; index: [outputs, taps], places in it; spans: runs of outputs
def active_conv(source: Tensor, w: Dict[str, Tensor], name: str, index: Tensor, adapter: str, terms: List[Dict[str, Tensor]], spans: List[int]) -> Tensor:
  matrix = __torch__.common.window_matrix(w, name)
  bias = __torch__.common.optional(w, torch.add(name, "bias"))
  width = source.size(1) * index.size(1)
  outputs = index.size(0)
  # So many windows at once stay in the processor's cache.
  step = ops.prim.max(2097152 // width, 64)
  parts = annotate(List[Tensor], [])
  for i in range((outputs + step - 1) // step):
    taken = torch.flatten(torch.slice(index, 0, i * step, (i + 1) * step))
    windows = torch.index_select(source, 0, taken).view([-1, width])
    if matrix.is_mkldnn:
      y = ops.mkldnn._linear_pointwise(windows, matrix, bias, "none", [], "")
    else:
      y = torch.linear(windows, matrix, bias)
    _0 = torch.append(parts, y.to(6))
  out = parts[0]
  if torch.len(parts) > 1:
    out = torch.cat(parts)
  down_name = torch.add(adapter, ".down")
  for j in range(torch.len(spans) // 3):
    set = terms[spans[3 * j]]
    if down_name in set:
      down = torch.flatten(torch.permute(set[down_name], [0, 2, 3, 1]), 1)
      taken = torch.flatten(torch.slice(index, 0, spans[3 * j + 1], spans[3 * j + 2]))
      low = torch.linear(torch.index_select(source, 0, taken).view([-1, width]).to(down.dtype), down)
      high = torch.linear(low, torch.flatten(set[torch.add(adapter, ".up")], 1))
      _1 = torch.add_(torch.slice(out, 0, spans[3 * j + 1], spans[3 * j + 2]), high)
  return out

# 1x1 convolution `name` of tokens, with a result in fp32 and with its adapters.
def active_pointwise(x: Tensor, w: Dict[str, Tensor], name: str, adapter: str, terms: List[Dict[str, Tensor]], spans: List[int]) -> Tensor:
  matrix = __torch__.common.window_matrix(w, name)
  bias = __torch__.common.optional(w, torch.add(name, "bias"))
  if matrix.is_mkldnn:
    y = ops.mkldnn._linear_pointwise(x.to(matrix.dtype), matrix, bias, "none", [], "")
  else:
    y = torch.linear(x.to(matrix.dtype), matrix, bias)
  return __torch__.common.add_terms(y.to(6), x, adapter, terms, spans)

# Training: gradients of weights by their names, which change in place.

# The gradient of linear layer `name` from its input x and the gradient of its output, added in place.
def add_linear_gradient(gradients: Dict[str, Tensor], name: str, x: Tensor, gradient: Tensor) -> None:
  rows = torch.reshape(gradient, [-1, gradient.size(-1)])
  weight = gradients[torch.add(name, ".weight")]
  _0 = torch.addmm_(torch.view(weight, [rows.size(1), -1]), torch.t(rows), torch.reshape(x, [-1, x.size(-1)]))
  bias = torch.add(name, ".bias")
  if bias in gradients:
    _1 = torch.add_(gradients[bias], torch.sum(rows, [0]))
  return None

# The gradient of norm `name`, added in place.
def add_norm_gradient(gradients: Dict[str, Tensor], name: str, weight: Tensor, bias: Tensor) -> None:
  _0 = torch.add_(gradients[torch.add(name, ".weight")], weight)
  _1 = torch.add_(gradients[torch.add(name, ".bias")], bias)
  return None
