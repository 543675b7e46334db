# Training of a LoRA (arXiv:2106.09685) beside frozen weights. All of it runs while gradients are recorded.

class K(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # The up halves as the network adds them: times alpha / rank.
  def scaled(self: __torch__.K, ups: List[Tensor], scale: float) -> List[Tensor]:
    out = annotate(List[Tensor], [])
    for i in range(torch.len(ups)):
      _0 = torch.append(out, torch.mul(ups[i], scale))
    return out

  # The mean squared error of all numbers.
  def loss(self: __torch__.K, output: Tensor, target: Tensor) -> Tensor:
    error = torch.sub(output, target)
    return torch.mean(torch.mul(error, error))

  # Adds a loss's gradients to their sums.
  def add_gradients(self: __torch__.K, loss: Tensor, weights: List[Tensor], sums: List[Tensor]) -> Tensor:
    gradients = torch.grad([loss], weights)
    for i in range(torch.len(weights)):
      gradient = gradients[i]
      if torch.__isnot__(gradient, None):
        there = unchecked_cast(Tensor, gradient)
        _0 = torch.add_(sums[i], there)
    return loss
