# Weights in the form that kernels multiply by, and adapters added to them.

class K(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # Some rows of a tensor; shares its memory.
  def rows(self: __torch__.K, w: Tensor, first: int, last: int) -> Tensor:
    return torch.slice(w, 0, first, last)

  # Some rows of a weight as a matrix; shares its memory.
  # w: [out, in] or [out, in, 1, 1]
  def matrix(self: __torch__.K, w: Tensor, first: int, last: int) -> Tensor:
    return torch.flatten(torch.slice(w, 0, first, last), 1)

  # The same in the processor's own layout.
  def packed_matrix(self: __torch__.K, w: Tensor, first: int, last: int) -> Tensor:
    return ops.mkldnn._reorder_linear_weight(torch.flatten(torch.slice(w, 0, first, last), 1), 1024)

  # A convolution with its channels last; memory of its own, also where the order is the same.
  # w: [out, in, kernel, kernel]
  def filter(self: __torch__.K, w: Tensor, first: int, last: int) -> Tensor:
    return torch.clone(torch.slice(w, 0, first, last), memory_format=2)

  # A convolution in the processor's own layout for maps of a usual size; other sizes run as well.
  # w: [out, in, kernel, kernel]
  def packed_filter(self: __torch__.K, w: Tensor, first: int, last: int) -> Tensor:
    padding = w.size(2) // 2
    return ops.mkldnn._reorder_convolution_weight(torch.slice(w, 0, first, last), [padding, padding], [1, 1], [1, 1], 1, [2, w.size(1), 32, 32])

  # Puts a tensor in another's place; whoever holds the dictionary sees it.
  def replace(self: __torch__.K, w: Dict[str, Tensor], name: str, x: Tensor) -> Tensor:
    torch._set_item(w, name, x)
    matrix = torch.add(name, ".matrix")  # made of the weight by convolutions on active tokens
    if matrix in w:
      torch.Delete(w, matrix)
    return x

  # The sum of a stored weight and a low-rank product.
  # w: fp32 [out, in, ...]; down: [rank, in, ...]; up: [out, rank, ...]
  def patched(self: __torch__.K, w: Tensor, down: Tensor, up: Tensor, target: int) -> Tensor:
    product = torch.mm(torch.flatten(up, 1), torch.flatten(down, 1))
    return torch.add(w, torch.reshape(product, w.size())).to(target)
