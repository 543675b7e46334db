# Sinusoidal timestep embedding (Ho et al. 2020, after Vaswani et al. 2017) and its two-layer projection.

# rows: how many of x each group of the batch has
def projected(x: Tensor, w: Dict[str, Tensor], rows: List[int], prefix: str, terms: List[Dict[str, Tensor]], ranges: List[int]) -> Tensor:
  counts = annotate(List[int], [])
  for i in range(torch.len(rows)):
    _0 = torch.append(counts, rows[i])
    _1 = torch.append(counts, 1)
  spans = __torch__.common.spans_of(ranges, counts)
  hidden = __torch__.common.linear(x, w, "linear_1")
  hidden = torch.silu_(__torch__.common.add_terms(hidden, x, torch.add(prefix, "linear_1"), terms, spans))
  out = __torch__.common.linear(hidden, w, "linear_2")
  return __torch__.common.add_terms(out, hidden, torch.add(prefix, "linear_2"), terms, spans).to(6)

class K(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # timesteps: fp32 [rows], each its own; result [rows, time channels]
  def forward(self: __torch__.K, timesteps: Tensor, w: Dict[str, Tensor], channels: int, cosine_first: bool, shift: float, rows: List[int], prefix: str, terms: List[Dict[str, Tensor]], ranges: List[int]) -> Tensor:
    return __torch__.projected(__torch__.common.waves(timesteps, channels, cosine_first, shift), w, rows, prefix, terms, ranges)

  # sizes: fp32 [rows, sizes]; text: fp32 [rows, text channels]; result [rows, time channels]
  def added(self: __torch__.K, sizes: Tensor, text: Tensor, w: Dict[str, Tensor], channels: int, cosine_first: bool, shift: float, rows: List[int], prefix: str, terms: List[Dict[str, Tensor]], ranges: List[int]) -> Tensor:
    all = __torch__.common.waves(torch.flatten(sizes), channels, cosine_first, shift)
    return __torch__.projected(torch.cat([text, torch.reshape(all, [sizes.size(0), -1])], 1), w, rows, prefix, terms, ranges)

  def activated(self: __torch__.K, embedding: Tensor) -> Tensor:
    return torch.silu(embedding)

  def activated_sum(self: __torch__.K, embedding: Tensor, more: Tensor) -> Tensor:
    return torch.silu(torch.add(embedding, more))
