# AutoencoderTiny: plain 3x3 convolutions with ReLU, no norms.

# Three convolutions and a residual.
def block(x: Tensor, w: Dict[str, Tensor]) -> Tensor:
  h = torch.relu_(torch.conv2d(x, w["conv.0.weight"], w["conv.0.bias"], [1, 1], [1, 1]))
  h = torch.relu_(torch.conv2d(h, w["conv.2.weight"], w["conv.2.bias"], [1, 1], [1, 1]))
  h = torch.conv2d(h, w["conv.4.weight"], w["conv.4.bias"], [1, 1], [1, 1])
  return torch.relu_(torch.add_(h, x))

def blocks(x: Tensor, parts: List[Dict[str, Tensor]]) -> Tensor:
  y = x
  for i in range(torch.len(parts)):
    y = __torch__.block(y, parts[i])
  return y

class K(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # Pixels in -1..1, [batch, 3, height, width], to 0..1 as the class takes them, and its first convolution.
  def pixels(self: __torch__.K, x: Tensor, w: Dict[str, Tensor]) -> Tensor:
    return torch.conv2d(torch.mul(torch.add(x, 1), 0.5).to(w["weight"].dtype), w["weight"], w["bias"], [1, 1], [1, 1])

  # Latents are squashed softly to -3..3, then the first convolution.
  def latents(self: __torch__.K, x: Tensor, w: Dict[str, Tensor]) -> Tensor:
    squashed = torch.mul(torch.tanh(torch.mul(x, 0.33333333333333331)), 3)
    return torch.relu_(torch.conv2d(squashed.to(w["weight"].dtype), w["weight"], w["bias"], [1, 1], [1, 1]))

  # The blocks of one resolution.
  def same(self: __torch__.K, x: Tensor, parts: List[Dict[str, Tensor]]) -> Tensor:
    return __torch__.blocks(x, parts)

  # Halves the map, then the blocks.
  def down(self: __torch__.K, x: Tensor, w: Dict[str, Tensor], parts: List[Dict[str, Tensor]]) -> Tensor:
    return __torch__.blocks(torch.conv2d(x, w["weight"], None, [2, 2], [1, 1]), parts)

  # The blocks, then enlarges the map by a whole factor.
  def up(self: __torch__.K, x: Tensor, parts: List[Dict[str, Tensor]], w: Dict[str, Tensor], factor: int) -> Tensor:
    y = __torch__.blocks(x, parts)
    y = torch.upsample_nearest2d(y, [y.size(2) * factor, y.size(3) * factor])
    return torch.conv2d(y, w["weight"], None, [1, 1], [1, 1])

  # The last convolution, to fp32.
  def exit(self: __torch__.K, x: Tensor, w: Dict[str, Tensor]) -> Tensor:
    return torch.conv2d(x, w["weight"], w["bias"], [1, 1], [1, 1]).to(6)

  # From 0..1 to -1..1.
  def centred(self: __torch__.K, x: Tensor) -> Tensor:
    return torch.sub(torch.mul(x, 2), 1)
