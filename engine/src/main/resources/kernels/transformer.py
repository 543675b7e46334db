# Transformer2DModel on maps: GroupNorm and projection, then layers of self-attention, cross-attention and a
# gated feed-forward, then a projection back and the residual. 1x1 convolutions and linear projections are the
# same sum, so both kinds of checkpoint take the linear way.
#
# All that is token by token runs on the tokens of all groups in one piece, [tokens, channels]; attention runs
# group by group. counts: two numbers for each group: rows, and tokens of a row.

# Whether any set of adapters has a term for a layer.
def has_terms(name: str, terms: List[Dict[str, Tensor]], spans: List[int]) -> bool:
  found = False
  if torch.len(spans) > 0:
    for i in range(torch.len(terms)):
      if torch.add(name, ".down") in terms[i]:
        found = True
  return found

# Attention of each group's tokens to keys and values of the same group.
# q: [tokens, channels]; k, v: one [rows, keys, channels] for each group, from place `at` on, k before v
def attend(q: Tensor, kv: List[Tensor], at: int, counts: List[int], heads: int) -> Tensor:
  parts = annotate(List[Tensor], [])
  first = 0
  for g in range(torch.len(counts) // 2):
    rows = counts[2 * g]
    tokens = counts[2 * g + 1]
    own = torch.slice(q, 0, first, first + rows * tokens)
    mixed = __torch__.common.attention(own.view([rows, tokens, -1]), kv[at + 2 * g], kv[at + 2 * g + 1], heads, False)
    _0 = torch.append(parts, torch.reshape(mixed, [rows * tokens, -1]))
    first = first + rows * tokens
  out = parts[0]
  if torch.len(parts) > 1:
    out = torch.cat(parts)
  return out

# Keys and values of a layer's attention `name` for source tokens of all groups, in the form that `attend` takes.
def keys_values(source: Tensor, w: Dict[str, Tensor], name: str, counts: List[int], prefix: str, terms: List[Dict[str, Tensor]], spans: List[int]) -> List[Tensor]:
  k = __torch__.common.adapted(source, w, torch.add(name, ".to_k"), prefix, terms, spans)
  v = __torch__.common.adapted(source, w, torch.add(name, ".to_v"), prefix, terms, spans)
  kv = annotate(List[Tensor], [])
  first = 0
  for g in range(torch.len(counts) // 2):
    rows = counts[2 * g]
    last = first + rows * counts[2 * g + 1]
    _0 = torch.append(kv, torch.slice(k, 0, first, last).view([rows, counts[2 * g + 1], -1]))
    _1 = torch.append(kv, torch.slice(v, 0, first, last).view([rows, counts[2 * g + 1], -1]))
    first = last
  return kv

# Keys and values with recorded ones where there are no tokens. own: of `keys_values`; places: of each group's tokens;
# recorded: bf16 bits like `own` for all places, empty for groups that have all
def with_recorded(own: List[Tensor], places: List[Tensor], recorded: List[Tensor]) -> List[Tensor]:
  all = annotate(List[Tensor], [])
  for i in range(torch.len(own)):
    if torch.numel(recorded[i]) == 0:
      _0 = torch.append(all, own[i])
    else:
      rest = torch.view_copy(recorded[i], dtype=15).to(own[i].dtype)
      _1 = torch.append(all, torch.index_copy_(rest, 1, places[i // 2], own[i]))
  return all

# x + the feed-forward of n, whose gate passes through GELU. Both halves come out of one product each, and the
# processor's packed form multiplies and gates in the same pass.
def feed_forward(x: Tensor, n: Tensor, w: Dict[str, Tensor], prefix: str, terms: List[Dict[str, Tensor]], spans: List[int]) -> Tensor:
  value_weight = w["ff.net.0.proj.value.weight"]
  if torch.__and__(value_weight.is_mkldnn, torch.__not__(__torch__.has_terms(torch.add(prefix, "ff.net.0.proj"), terms, spans))):
    gate = ops.mkldnn._linear_pointwise(n, w["ff.net.0.proj.gate.weight"], w["ff.net.0.proj.gate.bias"], "gelu", [], "none")
    hidden = ops.mkldnn._linear_pointwise(n, gate, value_weight, w["ff.net.0.proj.value.bias"], "mul")
  else:
    value = __torch__.common.linear(n, w, "ff.net.0.proj.value")
    gate = __torch__.common.linear(n, w, "ff.net.0.proj.gate")
    both = torch.cat([value, gate], 1)
    both = __torch__.common.add_terms(both, n, torch.add(prefix, "ff.net.0.proj"), terms, spans)
    value, gate = torch.chunk(both, 2, -1)
    hidden = torch.mul(value, torch.gelu(gate))
  return torch.add_(__torch__.common.adapted(hidden, w, "ff.net.2", prefix, terms, spans).to(6), x)

# One layer. x: fp32 [tokens, channels]; kv: keys and values of the text for all layers, from place `at` on;
# places, recorded: of `with_recorded`, or empty lists; kept: the tokens' own keys and values are added to it
def layer(x: Tensor, kv: List[Tensor], at: int, w: Dict[str, Tensor], counts: List[int], heads: int, only_cross: bool, places: List[Tensor], recorded: List[Tensor], kept: List[Tensor], prefix: str, terms: List[Dict[str, Tensor]], spans: List[int]) -> Tensor:
  kind = w["attn1.to_q.weight"].dtype
  n = __torch__.common.layer_norm(x, w["norm1.weight"], w["norm1.bias"], 1.0000000000000001e-05, kind)
  q = __torch__.common.adapted(n, w, "attn1.to_q", prefix, terms, spans)
  if only_cross:
    a = __torch__.attend(q, kv, at + torch.len(counts), counts, heads)
  else:
    own = __torch__.keys_values(n, w, "attn1", counts, prefix, terms, spans)
    if torch.len(places) > 0:
      for i in range(torch.len(own)):
        _0 = torch.append(kept, own[i])
      own = __torch__.with_recorded(own, places, recorded)
    a = __torch__.attend(q, own, 0, counts, heads)
  x = torch.add_(__torch__.common.adapted(a, w, "attn1.to_out.0", prefix, terms, spans).to(6), x)
  n = __torch__.common.layer_norm(x, w["norm2.weight"], w["norm2.bias"], 1.0000000000000001e-05, kind)
  a = __torch__.attend(__torch__.common.adapted(n, w, "attn2.to_q", prefix, terms, spans), kv, at, counts, heads)
  x = torch.add_(__torch__.common.adapted(a, w, "attn2.to_out.0", prefix, terms, spans).to(6), x)
  n = __torch__.common.layer_norm(x, w["norm3.weight"], w["norm3.bias"], 1.0000000000000001e-05, kind)
  return __torch__.feed_forward(x, n, w, prefix, terms, spans)

class K(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # Keys and values of the text, which do not change from step to step: for each layer those of the
  # cross-attention of all groups, then, where self-attention looks at the text instead, those of it.
  # contexts: one [rows, words, context channels] for each group
  def text(self: __torch__.K, contexts: List[Tensor], layers: List[Dict[str, Tensor]], only_cross: bool, prefix: str, terms: List[Dict[str, Tensor]], ranges: List[int]) -> List[Tensor]:
    counts = annotate(List[int], [])
    flat = annotate(List[Tensor], [])
    for i in range(torch.len(contexts)):
      _0 = torch.append(counts, torch.size(contexts[i], 0))
      _1 = torch.append(counts, torch.size(contexts[i], 1))
      _2 = torch.append(flat, torch.flatten(contexts[i], 0, 1))
    source = torch.cat(flat)
    spans = __torch__.common.spans_of(ranges, counts)
    kv = annotate(List[Tensor], [])
    for j in range(torch.len(layers)):
      own = torch.format("{}transformer_blocks.{}.", prefix, j)
      kv = torch.add(kv, __torch__.keys_values(source, layers[j], "attn2", counts, own, terms, spans))
      if only_cross:
        kv = torch.add(kv, __torch__.keys_values(source, layers[j], "attn1", counts, own, terms, spans))
    return kv

  # xs: one [rows, channels, height, width] for each group; kv: of `text`; one dictionary of weights per layer
  def forward(self: __torch__.K, xs: List[Tensor], kv: List[Tensor], w: Dict[str, Tensor], layers: List[Dict[str, Tensor]], groups: int, heads: int, only_cross: bool, prefix: str, terms: List[Dict[str, Tensor]], ranges: List[int]) -> List[Tensor]:
    counts = annotate(List[int], [])
    flat = annotate(List[Tensor], [])
    for i in range(torch.len(xs)):
      x = xs[i]
      _0 = torch.append(counts, x.size(0))
      _1 = torch.append(counts, x.size(2) * x.size(3))
      n = torch.group_norm(x, groups, w["norm.weight"], w["norm.bias"], 9.9999999999999995e-07)
      _2 = torch.append(flat, __torch__.common.tokens_of(n))
    spans = __torch__.common.spans_of(ranges, counts)
    n = flat[0]
    if torch.len(flat) > 1:
      n = torch.cat(flat)
    t = __torch__.common.adapted(n, w, "proj_in", prefix, terms, spans).to(6)
    each = torch.len(kv) // torch.len(layers)
    nothing = annotate(List[Tensor], [])
    for j in range(torch.len(layers)):
      t = __torch__.layer(t, kv, j * each, layers[j], counts, heads, only_cross, nothing, nothing, nothing, torch.format("{}transformer_blocks.{}.", prefix, j), terms, spans)
    t = __torch__.common.adapted(t, w, "proj_out", prefix, terms, spans)
    out = annotate(List[Tensor], [])
    first = 0
    for g in range(torch.len(xs)):
      last = first + counts[2 * g] * counts[2 * g + 1]
      own = __torch__.common.map_of(torch.slice(t, 0, first, last), xs[g])
      _3 = torch.append(out, torch.add(xs[g], own))
      first = last
    return out

  # The same on active tokens, see `common`. x: [tokens, channels]; counts, places: of each member; recorded: what
  # `active_norm` takes, then for each layer each member's keys and values, one after the other.
  # Returns the tokens, what the norm returns beside them, and the tokens' own keys and values in the order of `recorded`.
  def active(self: __torch__.K, x: Tensor, kv: List[Tensor], w: Dict[str, Tensor], layers: List[Dict[str, Tensor]], groups: int, heads: int, only_cross: bool, counts: List[int], places: List[Tensor], recorded: List[Tensor], prefix: str, terms: List[Dict[str, Tensor]], ranges: List[int]) -> List[Tensor]:
    members = torch.len(counts) // 2
    spans = __torch__.common.spans_of(ranges, counts)
    normed = __torch__.common.active_norm(x, w["norm.weight"], w["norm.bias"], groups, 9.9999999999999995e-07, counts, places, torch.slice(recorded, 0, 2 * members))
    t = __torch__.common.adapted(normed[0], w, "proj_in", prefix, terms, spans).to(6)
    each = torch.len(kv) // torch.len(layers)
    kept = annotate(List[Tensor], [])
    for j in range(torch.len(layers)):
      first = 2 * members * (1 + j)
      t = __torch__.layer(t, kv, j * each, layers[j], counts, heads, only_cross, places, torch.slice(recorded, first, first + 2 * members), kept, torch.format("{}transformer_blocks.{}.", prefix, j), terms, spans)
    t = __torch__.common.adapted(t, w, "proj_out", prefix, terms, spans)
    return torch.add(torch.add([torch.add(t, x)], torch.slice(normed, 1)), kept)
