# Changes of number format that DJL's own calls must not be trusted with: they know no bf16.

class K(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # target: 6 is fp32, 15 is bf16
  def to_type(self: __torch__.K, x: Tensor, target: int) -> Tensor:
    return x.to(target)

  # Never the same memory.
  def copy_to_type(self: __torch__.K, x: Tensor, target: int) -> Tensor:
    return torch.clone(x.to(target))

  # bits: bf16 numbers that were read as if they were fp16
  def from_bf16_bits(self: __torch__.K, bits: Tensor) -> Tensor:
    return torch.view_copy(bits, dtype=15)

  # Room for bf16 numbers.
  def bf16_room(self: __torch__.K, size: List[int]) -> Tensor:
    return torch.empty(size, dtype=15)

  # The smallest and the largest number as fp64; NaN if one is among them. x: not empty
  def extremes(self: __torch__.K, x: Tensor) -> Tensor:
    least, most = torch.aminmax(x)
    return torch.stack([least, most]).to(7)
