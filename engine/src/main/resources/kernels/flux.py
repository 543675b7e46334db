# The transformer of FLUX.1 for members of different sizes: tokens stand one after another without padding,
# [tokens, channels], in the order of the members. Between blocks they are fp32; products take the type of the
# weights.
#
# offsets: where each member's tokens begin, and last where they all end. Text and picture have their own.
# groups: the first member of each run of members with equal numbers of tokens, and last the number of members.
# terms: low-rank terms of adapters, a dictionary for each run of members with equal adapters; adapted: its
# first member and the one after its last. Scales are within the terms.

# A linear layer, and on the tokens of members with adapters what these add.
def linear(x: Tensor, w: Dict[str, Tensor], name: str, terms: List[Dict[str, Tensor]], adapted: List[int], offsets: List[int]) -> Tensor:
  y = torch.linear(x, w[name + ".weight"], w[name + ".bias"])
  for i in range(torch.len(terms)):
    if name + ".down" in terms[i]:
      start = offsets[adapted[2 * i]]
      end = offsets[adapted[2 * i + 1]]
      low = torch.linear(torch.slice(x, 0, start, end), terms[i][name + ".down"])  # [tokens, rank]
      torch.addmm_(torch.slice(y, 0, start, end), low, torch.t(terms[i][name + ".up"]))
  return y

# A run's tokens, [members, tokens, channels], without copying.
def run(x: Tensor, groups: List[int], offsets: List[int], i: int) -> Tensor:
  tokens = torch.slice(x, 0, offsets[groups[i]], offsets[groups[i + 1]])
  return tokens.view([groups[i + 1] - groups[i], -1, x.size(1)])

# A run's rows of numbers that are one row a member, [members, 1, channels].
def run_of_rows(rows: Tensor, groups: List[int], i: int) -> Tensor:
  return torch.unsqueeze(torch.slice(rows, 0, groups[i], groups[i + 1]), 1)

# LayerNorm without weights, then each member's own scale and shift, handed on as type `kind`.
def modulated(x: Tensor, shift: Tensor, scale: Tensor, groups: List[int], offsets: List[int], kind: int) -> Tensor:
  gain = torch.add(scale, 1)
  if shift.size(0) == 1:
    n = torch.layer_norm(x, [x.size(1)], torch.select(gain, 0, 0), torch.select(shift, 0, 0), 9.9999999999999995e-07)
  else:
    n = torch.layer_norm(x, [x.size(1)], None, None, 9.9999999999999995e-07)
    for i in range(torch.len(groups) - 1):
      part = __torch__.run(n, groups, offsets, i)
      torch.addcmul(__torch__.run_of_rows(shift, groups, i), part, __torch__.run_of_rows(gain, groups, i), value=1, out=part)
  return n.to(kind)

# x + gate * y in the place of x, each member with its own gate.
def add_gated(x: Tensor, y: Tensor, gate: Tensor, groups: List[int], offsets: List[int]) -> Tensor:
  for i in range(torch.len(groups) - 1):
    torch.addcmul_(__torch__.run(x, groups, offsets, i), __torch__.run(y, groups, offsets, i), __torch__.run_of_rows(gate, groups, i))
  return x

# What the blocks make of the members' conditions: [members, channels] as many times as said, each in fp32.
def modulation(conditions: Tensor, w: Dict[str, Tensor], name: str, terms: List[Dict[str, Tensor]], adapted: List[int], members: List[int], parts: int) -> List[Tensor]:
  return torch.chunk(__torch__.linear(conditions, w, name, terms, adapted, members).to(6), parts, 1)

# RMSNorm of each head in fp32.
def normed(x: Tensor, weight: Tensor) -> Tensor:
  width = weight.size(0)
  return torch.rms_norm(x.to(6).view([x.size(0), -1, width]), [width], weight, 9.9999999999999995e-07).view(x.size())

# Turns each pair of channels by the angle of the token's place (RoFormer, arXiv:2104.09864, equation 34), as
# complex numbers. x: fp32 [members, tokens, channels]; table: [tokens, 1, width / 2, 2]
def rotated(x: Tensor, table: Tensor) -> Tensor:
  pairs = torch.view_as_complex(x.reshape([x.size(0), x.size(1), -1, table.size(2), 2]))
  return torch.view_as_real(torch.mul(pairs, torch.view_as_complex(table))).view(x.size())

# Attention within each member. q, k: fp32, v: any, [members, tokens, channels], already normed; returns like v.
def attention(q: Tensor, k: Tensor, v: Tensor, table: Tensor) -> Tensor:
  heads = q.size(2) // (2 * table.size(2))
  return __torch__.common.attention(__torch__.rotated(q, table).to(v.dtype), __torch__.rotated(k, table).to(v.dtype), v, heads, False)

def joined(parts: List[Tensor]) -> Tensor:
  if torch.len(parts) == 1:
    y = parts[0]
  else:
    y = torch.cat(parts)
  return y

# A run's words and places as one sequence a member.
def sequence(words: Tensor, places: Tensor, groups: List[int], word_offsets: List[int], place_offsets: List[int], i: int) -> Tensor:
  return torch.cat([__torch__.run(words, groups, word_offsets, i), __torch__.run(places, groups, place_offsets, i)], 1)

# The feed-forward of a stream with its norm, added in the place of x.
def feed_forward(x: Tensor, m: List[Tensor], w: Dict[str, Tensor], name: str, terms: List[Dict[str, Tensor]], adapted: List[int], groups: List[int], offsets: List[int], kind: int) -> Tensor:
  n = __torch__.modulated(x, m[3], m[4], groups, offsets, kind)
  hidden = torch.gelu_(__torch__.linear(n, w, name + ".net.0.proj", terms, adapted, offsets), approximate="tanh")
  return __torch__.add_gated(x, __torch__.linear(hidden, w, name + ".net.2", terms, adapted, offsets), m[5], groups, offsets)

class K(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # embedded: timestep (and guidance) embedding, fp32 [members, channels]; pooled: fp32 [members, pooled channels]
  def conditions(self: __torch__.K, embedded: Tensor, pooled: Tensor, w: Dict[str, Tensor]) -> Tensor:
    hidden = torch.silu_(torch.linear(pooled.to(w["linear_1.weight"].dtype), w["linear_1.weight"], w["linear_1.bias"]))
    return torch.add(embedded, torch.linear(hidden, w["linear_2.weight"], w["linear_2.bias"]))

  # Into the network's channels. x: fp32 [tokens, in]
  def enter(self: __torch__.K, x: Tensor, w: Dict[str, Tensor], name: str, terms: List[Dict[str, Tensor]], adapted: List[int], offsets: List[int]) -> Tensor:
    return __torch__.linear(x.to(w[name + ".weight"].dtype), w, name, terms, adapted, offsets).to(6)

  # A block with weights of their own for words and places, which meet in the attention. Both are changed in
  # place. conditions: [members, channels], after SiLU and in the weights' type
  def double(self: __torch__.K, words: Tensor, places: Tensor, conditions: Tensor, w: Dict[str, Tensor], terms: List[Dict[str, Tensor]], adapted: List[int], members: List[int], groups: List[int], word_offsets: List[int], place_offsets: List[int], tables: List[Tensor]) -> Tensor:
    kind = conditions.dtype
    m = __torch__.modulation(conditions, w, "norm1.linear", terms, adapted, members, 6)
    c = __torch__.modulation(conditions, w, "norm1_context.linear", terms, adapted, members, 6)
    n = __torch__.modulated(places, m[0], m[1], groups, place_offsets, kind)
    q = __torch__.normed(__torch__.linear(n, w, "attn.to_q", terms, adapted, place_offsets), w["attn.norm_q.weight"])
    k = __torch__.normed(__torch__.linear(n, w, "attn.to_k", terms, adapted, place_offsets), w["attn.norm_k.weight"])
    v = __torch__.linear(n, w, "attn.to_v", terms, adapted, place_offsets)
    n = __torch__.modulated(words, c[0], c[1], groups, word_offsets, kind)
    word_q = __torch__.normed(__torch__.linear(n, w, "attn.add_q_proj", terms, adapted, word_offsets), w["attn.norm_added_q.weight"])
    word_k = __torch__.normed(__torch__.linear(n, w, "attn.add_k_proj", terms, adapted, word_offsets), w["attn.norm_added_k.weight"])
    word_v = __torch__.linear(n, w, "attn.add_v_proj", terms, adapted, word_offsets)
    mixed_words = annotate(List[Tensor], [])
    mixed_places = annotate(List[Tensor], [])
    for i in range(torch.len(groups) - 1):
      qs = __torch__.sequence(word_q, q, groups, word_offsets, place_offsets, i)
      ks = __torch__.sequence(word_k, k, groups, word_offsets, place_offsets, i)
      vs = __torch__.sequence(word_v, v, groups, word_offsets, place_offsets, i)
      mixed = __torch__.attention(qs, ks, vs, tables[i])  # [members, words and places, channels]
      count = word_offsets[groups[i] + 1] - word_offsets[groups[i]]
      torch.append(mixed_words, torch.slice(mixed, 1, 0, count).reshape([-1, mixed.size(2)]))
      torch.append(mixed_places, torch.slice(mixed, 1, count).reshape([-1, mixed.size(2)]))
    a = __torch__.linear(__torch__.joined(mixed_places), w, "attn.to_out.0", terms, adapted, place_offsets)
    x = __torch__.add_gated(places, a, m[2], groups, place_offsets)
    x = __torch__.feed_forward(x, m, w, "ff", terms, adapted, groups, place_offsets, kind)
    a = __torch__.linear(__torch__.joined(mixed_words), w, "attn.to_add_out", terms, adapted, word_offsets)
    y = __torch__.add_gated(words, a, c[2], groups, word_offsets)
    __torch__.feed_forward(y, c, w, "ff_context", terms, adapted, groups, word_offsets, kind)
    return x

  # All tokens as single blocks take them: each member's words, then its places.
  def merge(self: __torch__.K, words: Tensor, places: Tensor, groups: List[int], word_offsets: List[int], place_offsets: List[int]) -> Tensor:
    parts = annotate(List[Tensor], [])
    for i in range(torch.len(groups) - 1):
      torch.append(parts, __torch__.sequence(words, places, groups, word_offsets, place_offsets, i).view([-1, words.size(1)]))
    return __torch__.joined(parts)

  # A block that treats all tokens alike, attention and feed-forward side by side. x is changed in place.
  def single(self: __torch__.K, x: Tensor, conditions: Tensor, w: Dict[str, Tensor], terms: List[Dict[str, Tensor]], adapted: List[int], members: List[int], groups: List[int], offsets: List[int], tables: List[Tensor]) -> Tensor:
    m = __torch__.modulation(conditions, w, "norm.linear", terms, adapted, members, 3)
    n = __torch__.modulated(x, m[0], m[1], groups, offsets, conditions.dtype)
    hidden = torch.gelu_(__torch__.linear(n, w, "proj_mlp", terms, adapted, offsets), approximate="tanh")
    q = __torch__.normed(__torch__.linear(n, w, "attn.to_q", terms, adapted, offsets), w["attn.norm_q.weight"])
    k = __torch__.normed(__torch__.linear(n, w, "attn.to_k", terms, adapted, offsets), w["attn.norm_k.weight"])
    v = __torch__.linear(n, w, "attn.to_v", terms, adapted, offsets)
    mixed = annotate(List[Tensor], [])
    for i in range(torch.len(groups) - 1):
      a = __torch__.attention(__torch__.run(q, groups, offsets, i), __torch__.run(k, groups, offsets, i), __torch__.run(v, groups, offsets, i), tables[i])
      torch.append(mixed, a.view([-1, x.size(1)]))
    both = torch.cat([__torch__.joined(mixed), hidden], 1)
    return __torch__.add_gated(x, __torch__.linear(both, w, "proj_out", terms, adapted, offsets), m[2], groups, offsets)

  # Places alone, [places, channels], to the prediction [places, out].
  def exit(self: __torch__.K, x: Tensor, conditions: Tensor, w: Dict[str, Tensor], terms: List[Dict[str, Tensor]], adapted: List[int], members: List[int], groups: List[int], offsets: List[int], place_offsets: List[int]) -> Tensor:
    parts = annotate(List[Tensor], [])
    for i in range(torch.len(groups) - 1):
      places = place_offsets[groups[i] + 1] - place_offsets[groups[i]]
      all = __torch__.run(x, groups, offsets, i)
      torch.append(parts, torch.slice(all, 1, all.size(1) - places).reshape([-1, x.size(1)]))
    m = __torch__.modulation(conditions, w, "norm_out.linear", terms, adapted, members, 2)
    n = __torch__.modulated(__torch__.joined(parts), m[1], m[0], groups, place_offsets, conditions.dtype)
    return __torch__.linear(n, w, "proj_out", terms, adapted, place_offsets).to(6)

  # Conditions as the blocks' modulations read them, in the type of the network's products.
  def ready(self: __torch__.K, conditions: Tensor, kind: int) -> Tensor:
    return torch.silu(conditions).to(kind)
