# Single products in all the ways that PyTorch offers on a processor, to learn what the machine can do.

class K(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # x: [tokens, in]; w: [out, in], plain or packed
  def linear(self: __torch__.K, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return torch.linear(x, w, b)

  def linear_onednn(self: __torch__.K, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return ops.mkldnn._linear_pointwise(x, w, b, "none", [], "")

  # w in the order of oneDNN's own choice for so many tokens
  def pack_linear(self: __torch__.K, x: Tensor, w: Tensor) -> Tensor:
    return ops.mkldnn._reorder_linear_weight(w, x.size(0))

  # x: [rows, in, height, width]; w: [out, in, kernel, kernel]
  def convolution(self: __torch__.K, x: Tensor, w: Tensor, b: Tensor, stride: int, padding: int) -> Tensor:
    return torch.conv2d(x, w, b, [stride, stride], [padding, padding])

  def convolution_onednn(self: __torch__.K, x: Tensor, w: Tensor, b: Tensor, stride: int, padding: int) -> Tensor:
    return ops.mkldnn._convolution_pointwise(x, w, b, [padding, padding], [stride, stride], [1, 1], 1, "none", [], "")

  def pack_convolution(self: __torch__.K, x: Tensor, w: Tensor, stride: int, padding: int) -> Tensor:
    return ops.mkldnn._reorder_convolution_weight(w, [padding, padding], [stride, stride], [1, 1], 1, x.size())

  # With the channels of a place side by side in memory.
  def channels_last(self: __torch__.K, x: Tensor) -> Tensor:
    return torch.contiguous(x, memory_format=2)

  # [rows, heads, queries, width] and [rows, heads, keys, width]
  def attention(self: __torch__.K, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    return torch.scaled_dot_product_attention(q, k, v)

  # [rows, tokens, channels] to [rows, heads, tokens, width], as a view
  def heads(self: __torch__.K, x: Tensor, heads: int) -> Tensor:
    return torch.transpose(x.view([x.size(0), x.size(1), heads, -1]), 1, 2)
