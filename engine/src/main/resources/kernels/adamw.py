# What an optimiser does to lists of weights, their gradients and moments, which all change in place.

class K(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # The sum of the squares of all numbers, in fp64 (type 7).
  def squared_norm(self: __torch__.K, tensors: List[Tensor]) -> Tensor:
    total = torch.zeros([], dtype=7, device=tensors[0].device)
    for i in range(torch.len(tensors)):
      norm = torch.linalg_vector_norm(tensors[i], 2, None, False, dtype=7)
      total = torch.add_(total, torch.mul(norm, norm))
    return total

  # Puts numbers into all gradients, one after the other. sums: [numbers of all]
  def set_gradients(self: __torch__.K, gradients: List[Tensor], sums: Tensor) -> Tensor:
    first = 0
    for i in range(torch.len(gradients)):
      last = first + torch.numel(gradients[i])
      _0 = torch.copy_(torch.view(gradients[i], [-1]), torch.slice(sums, 0, first, last))
      first = last
    return gradients[0]

  # A step of AdamW with gradients times `scale`, which are zero afterwards. rate: the learning rate divided by
  # 1 - beta1^t; root: the square root of 1 - beta2^t; kept: what decay leaves of a weight
  def step(self: __torch__.K, weights: List[Tensor], gradients: List[Tensor], first: List[Tensor], second: List[Tensor], scale: float, rate: float, beta1: float, beta2: float, root: float, epsilon: float, kept: float) -> Tensor:
    for i in range(torch.len(weights)):
      g = torch.mul_(gradients[i], scale)
      m = torch.lerp_(first[i], g, 1. - beta1)
      v = torch.addcmul_(torch.mul_(second[i], beta2), g, g, value=1. - beta2)
      divisor = torch.add_(torch.div_(torch.sqrt(v), root), epsilon)
      _0 = torch.addcdiv_(torch.mul_(weights[i], kept), m, divisor, value=torch.neg(rate))
      _1 = torch.zero_(g)
    return weights[0]
