# Sinusoidal timestep embedding (Ho et al. 2020, after Vaswani et al. 2017) and its two-layer projection.

class K(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # timesteps: fp32 [batch], each row its own; result [batch, time channels]
  def forward(self: __torch__.K, timesteps: Tensor, w: Dict[str, Tensor], channels: int, cosine_first: bool, shift: float) -> Tensor:
    half = channels // 2
    places = torch.arange(half, dtype=6, device=timesteps.device)
    frequencies = torch.exp(torch.mul(places, -9.2103403719761836 / (half - shift)))  # 10000 ** -(i / half)
    angles = torch.mul(torch.unsqueeze(timesteps, 1), torch.unsqueeze(frequencies, 0))  # [batch, half]
    if cosine_first:
      waves = torch.cat([torch.cos(angles), torch.sin(angles)], 1)
    else:
      waves = torch.cat([torch.sin(angles), torch.cos(angles)], 1)
    hidden = torch.linear(waves.to(w["linear_1.weight"].dtype), w["linear_1.weight"], w["linear_1.bias"])
    return torch.linear(torch.silu_(hidden), w["linear_2.weight"], w["linear_2.bias"]).to(6)
