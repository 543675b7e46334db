# The transformer of FLUX.1 for members of different sizes: tokens stand one after another without padding,
# [tokens, channels], in the order of the members. All that is token by token runs on them in one piece, attention
# on each member's own. Between blocks tokens are fp32; products take the type of the weights.
#
# counts: two numbers for each group of members with equal numbers of tokens: members, and tokens of a member.
# Words and places have their own counts until single blocks join them.

# A linear layer with GELU in its tanh form, which the processor's packed form computes in the same pass.
def gelu(x: Tensor, w: Dict[str, Tensor], name: str, prefix: str, terms: List[Dict[str, Tensor]], spans: List[int]) -> Tensor:
  weight = w[name + ".weight"]
  if weight.is_mkldnn and torch.len(spans) == 0:
    y = ops.mkldnn._linear_pointwise(x, weight, w[name + ".bias"], "gelu", [], "tanh")
  else:
    y = torch.gelu_(__torch__.common.adapted(x, w, name, prefix, terms, spans), approximate="tanh")
  return y

# Each group's tokens, [members, tokens, channels], without copying.
def groups(x: Tensor, counts: List[int]) -> List[Tensor]:
  parts = annotate(List[Tensor], [])
  first = 0
  for g in range(torch.len(counts) // 2):
    last = first + counts[2 * g] * counts[2 * g + 1]
    torch.append(parts, torch.slice(x, 0, first, last).view([counts[2 * g], counts[2 * g + 1], -1]))
    first = last
  return parts

# The counts of what is one row a member.
def rows_only(counts: List[int]) -> List[int]:
  rows = annotate(List[int], [])
  for g in range(torch.len(counts) // 2):
    torch.append(rows, counts[2 * g])
    torch.append(rows, 1)
  return rows

# All tokens in one piece again.
def joined(parts: List[Tensor]) -> Tensor:
  flat = annotate(List[Tensor], [])
  for g in range(torch.len(parts)):
    torch.append(flat, torch.flatten(parts[g], 0, 1))
  y = flat[0]
  if torch.len(flat) > 1:
    y = torch.cat(flat)
  return y

# LayerNorm without weights, then each member's own scale and shift, handed on as type `kind`.
# shift, scale: [members, channels]
def modulated(x: Tensor, shift: Tensor, scale: Tensor, counts: List[int], kind: int) -> Tensor:
  gain = torch.add(scale, 1)
  if shift.size(0) == 1:
    n = torch.layer_norm(x, [x.size(1)], torch.select(gain, 0, 0), torch.select(shift, 0, 0), 9.9999999999999995e-07)
  else:
    n = torch.layer_norm(x, [x.size(1)], None, None, 9.9999999999999995e-07)
    parts = __torch__.groups(n, counts)
    shifts = __torch__.groups(shift, __torch__.rows_only(counts))
    gains = __torch__.groups(gain, __torch__.rows_only(counts))
    for g in range(torch.len(parts)):
      torch.addcmul(shifts[g], parts[g], gains[g], value=1, out=parts[g])
  return n.to(kind)

# x + gate * y in the place of x, each member with its own gate, [members, channels].
def add_gated(x: Tensor, y: Tensor, gate: Tensor, counts: List[int]) -> Tensor:
  xs = __torch__.groups(x, counts)
  ys = __torch__.groups(y, counts)
  gates = __torch__.groups(gate, __torch__.rows_only(counts))
  for g in range(torch.len(xs)):
    torch.addcmul_(xs[g], ys[g], gates[g])
  return x

# What layer `name` makes of the members' conditions: `parts` times fp32 [members, channels].
def modulation(conditions: Tensor, w: Dict[str, Tensor], name: str, parts: int, counts: List[int], prefix: str, terms: List[Dict[str, Tensor]], ranges: List[int]) -> List[Tensor]:
  spans = __torch__.common.spans_of(ranges, __torch__.rows_only(counts))
  return torch.chunk(__torch__.common.adapted(conditions, w, name, prefix, terms, spans).to(6), parts, 1)

# RMSNorm of each head in fp32.
def normed(x: Tensor, weight: Tensor) -> Tensor:
  width = weight.size(0)
  return torch.rms_norm(x.to(6).view([x.size(0), -1, width]), [width], weight, 9.9999999999999995e-07).view(x.size())

# Turns each pair of channels by the angle of the token's place (RoFormer, arXiv:2104.09864, equation 34), as
# complex numbers. x: fp32 [members, tokens, channels]; table: [tokens, 1, width / 2, 2]
def rotated(x: Tensor, table: Tensor) -> Tensor:
  pairs = torch.view_as_complex(x.reshape([x.size(0), x.size(1), -1, table.size(2), 2]))
  return torch.view_as_real(torch.mul(pairs, torch.view_as_complex(table))).view(x.size())

# Keys or values of all tokens of a member, of which only its words and some places are computed: the recorded ones,
# with the fresh ones put in. Memory is what limits this, so the recorded ones are moved once.
# fresh: [1, words + computed places, channels]; recorded: [1, places, channels], fp32, or bf16 that was read as fp16
# (type 5); computed: int64, which places; none for all
def completed(fresh: Tensor, recorded: Tensor, computed: Tensor) -> Tensor:
  y = fresh
  if torch.numel(computed) > 0:
    words = fresh.size(1) - torch.numel(computed)
    y = torch.new_empty(fresh, [1, words + recorded.size(1), fresh.size(2)])
    _0 = torch.copy_(torch.slice(y, 1, 0, words), torch.slice(fresh, 1, 0, words))
    places = torch.slice(y, 1, words)
    if torch.eq(recorded.dtype, 5):
      if torch.eq(fresh.dtype, 15):
        _1 = torch.view_copy(recorded, dtype=15, out=places)
      else:
        _2 = torch.copy_(places, torch.view_copy(recorded, dtype=15))
    else:
      _3 = torch.copy_(places, recorded)
    _4 = torch.index_copy_(places, 1, computed, torch.slice(fresh, 1, words))
  return y

# Attention within each member of all groups. q, k: fp32, v: any type, [members, tokens, channels] each.
# recorded: for each group the keys, then for each group the values of the template; computed: for each
# group the places that are not read from them, none where all are computed; wanted: groups whose keys and values are left behind.
# Returns the mixed values of each group, like v, then for each wanted group the keys and values of its places.
def attention(q: List[Tensor], k: List[Tensor], v: List[Tensor], tables: List[Tensor], word_counts: List[int], recorded: List[Tensor], computed: List[Tensor], wanted: List[int]) -> List[Tensor]:
  out = annotate(List[Tensor], [])
  left = annotate(List[Tensor], [])
  for g in range(torch.len(q)):
    kind = v[g].dtype
    heads = q[g].size(2) // (2 * tables[g].size(2))
    queries = __torch__.rotated(q[g], tables[g]).to(kind)
    own = __torch__.rotated(k[g], tables[g]).to(kind)
    if torch.__contains__(wanted, g):
      torch.append(left, torch.slice(own, 1, word_counts[2 * g + 1]))
      torch.append(left, torch.slice(v[g], 1, word_counts[2 * g + 1]))
    keys = __torch__.completed(own, recorded[g], computed[g])
    values = __torch__.completed(v[g], recorded[torch.len(q) + g], computed[g])
    torch.append(out, __torch__.common.attention(queries, keys, values, heads, False))
  return torch.add(out, left)

# The words and places of each group as one sequence a member.
def sequences(words: Tensor, places: Tensor, word_counts: List[int], place_counts: List[int]) -> List[Tensor]:
  each_words = __torch__.groups(words, word_counts)
  each_places = __torch__.groups(places, place_counts)
  both = annotate(List[Tensor], [])
  for g in range(torch.len(each_words)):
    torch.append(both, torch.cat([each_words[g], each_places[g]], 1))
  return both

# Queries, keys and values of a stream: the first two normed, in fp32.
def projected(n: Tensor, w: Dict[str, Tensor], layers: List[str], norms: List[str], prefix: str, terms: List[Dict[str, Tensor]], spans: List[int]) -> List[Tensor]:
  q = __torch__.normed(__torch__.common.adapted(n, w, layers[0], prefix, terms, spans), w[norms[0]])
  k = __torch__.normed(__torch__.common.adapted(n, w, layers[1], prefix, terms, spans), w[norms[1]])
  return [q, k, __torch__.common.adapted(n, w, layers[2], prefix, terms, spans)]

# What follows the attention in a stream of a double block, in the place of x. m: shift, scale and gate of the
# attention, then of the feed-forward
def rest(x: Tensor, mixed: Tensor, m: List[Tensor], w: Dict[str, Tensor], out: str, ff: str, counts: List[int], prefix: str, terms: List[Dict[str, Tensor]], spans: List[int]) -> Tensor:
  x = __torch__.add_gated(x, __torch__.common.adapted(mixed, w, out, prefix, terms, spans), m[2], counts)
  n = __torch__.modulated(x, m[3], m[4], counts, mixed.dtype)
  hidden = __torch__.gelu(n, w, ff + ".net.0.proj", prefix, terms, spans)
  return __torch__.add_gated(x, __torch__.common.adapted(hidden, w, ff + ".net.2", prefix, terms, spans), m[5], counts)

# Two layers with SiLU between them, with adapters. x: [members, in]
def embedded(x: Tensor, w: Dict[str, Tensor], name: str, prefix: str, terms: List[Dict[str, Tensor]], spans: List[int]) -> Tensor:
  hidden = torch.silu_(__torch__.common.adapted(x, w, name + ".linear_1", prefix, terms, spans))
  return __torch__.common.adapted(hidden, w, name + ".linear_2", prefix, terms, spans).to(6)

class K(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # What is the same for all tokens of a member, fp32 [members, channels]. timesteps: 0 to 1, and guidance: fp32
  # [members], where the network has a layer for it; pooled: fp32 [members, pooled channels]
  def conditions(self: __torch__.K, timesteps: Tensor, guidance: Tensor, pooled: Tensor, w: Dict[str, Tensor], counts: List[int], prefix: str, terms: List[Dict[str, Tensor]], ranges: List[int]) -> Tensor:
    spans = __torch__.common.spans_of(ranges, __torch__.rows_only(counts))
    waves = __torch__.common.waves(torch.mul(timesteps, 1000), 256, True, 0.)
    sum = __torch__.embedded(waves, w, "timestep_embedder", prefix, terms, spans)
    if "guidance_embedder.linear_1.weight" in w:
      waves = __torch__.common.waves(torch.mul(guidance, 1000), 256, True, 0.)
      sum = torch.add(sum, __torch__.embedded(waves, w, "guidance_embedder", prefix, terms, spans))
    return torch.add(sum, __torch__.embedded(pooled, w, "text_embedder", prefix, terms, spans))

  # Conditions as the blocks' modulations read them, in the type of the network's products.
  def ready(self: __torch__.K, conditions: Tensor, kind: int) -> Tensor:
    return torch.silu(conditions).to(kind)

  # Into the network's channels by layer `name`. x: fp32 [tokens, in]
  def enter(self: __torch__.K, x: Tensor, w: Dict[str, Tensor], name: str, counts: List[int], prefix: str, terms: List[Dict[str, Tensor]], ranges: List[int]) -> Tensor:
    return __torch__.common.adapted(x, w, name, prefix, terms, __torch__.common.spans_of(ranges, counts)).to(6)

  # A block with weights of their own for words and places, which meet in the attention. Both are changed in
  # place. conditions: [members, channels], of `ready`; tables: rotations of each group; recorded, computed, wanted,
  # and what is returned, see `attention`
  def double(self: __torch__.K, words: Tensor, places: Tensor, conditions: Tensor, w: Dict[str, Tensor], word_counts: List[int], place_counts: List[int], tables: List[Tensor], recorded: List[Tensor], computed: List[Tensor], wanted: List[int], prefix: str, terms: List[Dict[str, Tensor]], ranges: List[int]) -> List[Tensor]:
    kind = conditions.dtype
    spans = __torch__.common.spans_of(ranges, place_counts)
    word_spans = __torch__.common.spans_of(ranges, word_counts)
    m = __torch__.modulation(conditions, w, "norm1.linear", 6, place_counts, prefix, terms, ranges)
    c = __torch__.modulation(conditions, w, "norm1_context.linear", 6, place_counts, prefix, terms, ranges)
    n = __torch__.modulated(places, m[0], m[1], place_counts, kind)
    own = __torch__.projected(n, w, ["attn.to_q", "attn.to_k", "attn.to_v"], ["attn.norm_q.weight", "attn.norm_k.weight"], prefix, terms, spans)
    n = __torch__.modulated(words, c[0], c[1], word_counts, kind)
    added = __torch__.projected(n, w, ["attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj"], ["attn.norm_added_q.weight", "attn.norm_added_k.weight"], prefix, terms, word_spans)
    q = __torch__.sequences(added[0], own[0], word_counts, place_counts)
    k = __torch__.sequences(added[1], own[1], word_counts, place_counts)
    v = __torch__.sequences(added[2], own[2], word_counts, place_counts)
    mixed_words = annotate(List[Tensor], [])
    mixed_places = annotate(List[Tensor], [])
    mixed = __torch__.attention(q, k, v, tables, word_counts, recorded, computed, wanted)
    for g in range(torch.len(q)):
      torch.append(mixed_words, torch.slice(mixed[g], 1, 0, word_counts[2 * g + 1]))
      torch.append(mixed_places, torch.slice(mixed[g], 1, word_counts[2 * g + 1]))
    __torch__.rest(words, __torch__.joined(mixed_words), c, w, "attn.to_add_out", "ff_context", word_counts, prefix, terms, word_spans)
    __torch__.rest(places, __torch__.joined(mixed_places), m, w, "attn.to_out.0", "ff", place_counts, prefix, terms, spans)
    return torch.slice(mixed, torch.len(q))

  # All tokens as single blocks take them: each member's words, then its places.
  def merge(self: __torch__.K, words: Tensor, places: Tensor, word_counts: List[int], place_counts: List[int]) -> Tensor:
    return __torch__.joined(__torch__.sequences(words, places, word_counts, place_counts))

  # A block that treats all tokens alike, attention and feed-forward side by side. x is changed in place. recorded,
  # computed, wanted, and what is returned, see `attention`
  def single(self: __torch__.K, x: Tensor, conditions: Tensor, w: Dict[str, Tensor], counts: List[int], word_counts: List[int], tables: List[Tensor], recorded: List[Tensor], computed: List[Tensor], wanted: List[int], prefix: str, terms: List[Dict[str, Tensor]], ranges: List[int]) -> List[Tensor]:
    spans = __torch__.common.spans_of(ranges, counts)
    m = __torch__.modulation(conditions, w, "norm.linear", 3, counts, prefix, terms, ranges)
    n = __torch__.modulated(x, m[0], m[1], counts, conditions.dtype)
    hidden = __torch__.gelu(n, w, "proj_mlp", prefix, terms, spans)
    own = __torch__.projected(n, w, ["attn.to_q", "attn.to_k", "attn.to_v"], ["attn.norm_q.weight", "attn.norm_k.weight"], prefix, terms, spans)
    q = __torch__.groups(own[0], counts)
    k = __torch__.groups(own[1], counts)
    v = __torch__.groups(own[2], counts)
    mixed = __torch__.attention(q, k, v, tables, word_counts, recorded, computed, wanted)
    both = torch.cat([__torch__.joined(torch.slice(mixed, 0, torch.len(q))), hidden], 1)
    __torch__.add_gated(x, __torch__.common.adapted(both, w, "proj_out", prefix, terms, spans), m[2], counts)
    return torch.slice(mixed, torch.len(q))

  # Places alone, [places, channels], to the prediction [places, out].
  def exit(self: __torch__.K, x: Tensor, conditions: Tensor, w: Dict[str, Tensor], counts: List[int], place_counts: List[int], prefix: str, terms: List[Dict[str, Tensor]], ranges: List[int]) -> Tensor:
    all = __torch__.groups(x, counts)
    parts = annotate(List[Tensor], [])
    for g in range(torch.len(all)):
      torch.append(parts, torch.slice(all[g], 1, counts[2 * g + 1] - place_counts[2 * g + 1]))
    m = __torch__.modulation(conditions, w, "norm_out.linear", 2, counts, prefix, terms, ranges)  # scale, shift
    n = __torch__.modulated(__torch__.joined(parts), m[1], m[0], place_counts, conditions.dtype)
    return __torch__.common.adapted(n, w, "proj_out", prefix, terms, __torch__.common.spans_of(ranges, place_counts)).to(6)

  # Latents as the network takes them: squares of `side` places become one token with all their channels.
  # [1, channels, height, width] each to [tokens, channels * side * side]
  # chosen: int64, which tokens of all samples; none for all
  def pack(self: __torch__.K, samples: List[Tensor], chosen: Tensor, side: int) -> Tensor:
    packed = annotate(List[Tensor], [])
    for i in range(torch.len(samples)):
      x = samples[i]
      squares = x.view([x.size(1), x.size(2) // side, side, x.size(3) // side, side])
      torch.append(packed, torch.permute(squares, [1, 3, 0, 2, 4]).reshape([-1, x.size(1) * side * side]))
    tokens = torch.cat(packed)
    if torch.numel(chosen) > 0:
      tokens = torch.index_select(tokens, 0, chosen)
    return tokens

  # The rotations of the words, which come first in the table, and of some places.
  def chosen_rotations(self: __torch__.K, table: Tensor, chosen: Tensor, words: int) -> Tensor:
    return torch.cat([torch.slice(table, 0, 0, words), torch.index_select(table, 0, torch.add(chosen, words))])

  # The way back: for each group [members, channels, height, width], zero where tokens were not chosen.
  # sizes: three numbers for each group: members, and tokens down and across of a member
  def unpack(self: __torch__.K, x: Tensor, chosen: Tensor, sizes: List[int], side: int) -> List[Tensor]:
    if torch.numel(chosen) > 0:
      all = 0
      for g in range(torch.len(sizes) // 3):
        all = all + sizes[3 * g] * sizes[3 * g + 1] * sizes[3 * g + 2]
      x = torch.index_copy_(torch.new_zeros(x, [all, x.size(1)]), 0, chosen, x)
    maps = annotate(List[Tensor], [])
    first = 0
    for g in range(torch.len(sizes) // 3):
      members = sizes[3 * g]
      down = sizes[3 * g + 1]
      across = sizes[3 * g + 2]
      last = first + members * down * across
      squares = torch.slice(x, 0, first, last).view([members, down, across, -1, side, side])
      torch.append(maps, torch.permute(squares, [0, 3, 1, 4, 2, 5]).reshape([members, -1, down * side, across * side]))
      first = last
    return maps

  # All words in one piece from [1, words, channels] each.
  def flat(self: __torch__.K, texts: List[Tensor]) -> Tensor:
    return torch.contiguous(__torch__.joined(texts))

  # [members, channels] from [1, channels] each.
  def stacked(self: __torch__.K, rows: List[Tensor]) -> Tensor:
    return torch.cat(rows)
