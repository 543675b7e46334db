# Sinusoidal timestep embedding (Ho et al. 2020, after Vaswani et al. 2017) and its two-layer projection.

def projected(x: Tensor, w: Dict[str, Tensor]) -> Tensor:
  hidden = __torch__.common.linear(x, w, "linear_1")
  return __torch__.common.linear(torch.silu_(hidden), w, "linear_2").to(6)

class K(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # timesteps: fp32 [rows], each its own; result [rows, time channels]
  def forward(self: __torch__.K, timesteps: Tensor, w: Dict[str, Tensor], channels: int, cosine_first: bool, shift: float) -> Tensor:
    return __torch__.projected(__torch__.common.waves(timesteps, channels, cosine_first, shift), w)

  # sizes: fp32 [rows, sizes]; text: fp32 [rows, text channels]; result [rows, time channels]
  def added(self: __torch__.K, sizes: Tensor, text: Tensor, w: Dict[str, Tensor], channels: int, cosine_first: bool, shift: float) -> Tensor:
    all = __torch__.common.waves(torch.flatten(sizes), channels, cosine_first, shift)
    return __torch__.projected(torch.cat([text, torch.reshape(all, [sizes.size(0), -1])], 1), w)

  def activated(self: __torch__.K, embedding: Tensor) -> Tensor:
    return torch.silu(embedding)

  def activated_sum(self: __torch__.K, embedding: Tensor, more: Tensor) -> Tensor:
    return torch.silu(torch.add(embedding, more))
