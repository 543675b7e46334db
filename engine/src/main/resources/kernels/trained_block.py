# The block of transformers that are trained here: pre-norm attention and feed-forward, with the derivatives by hand.
# A layer has a forward pass, a backward pass to its input, and one to its weights. The first two return their result
# and then what the next one needs; nothing else lives on. The third adds to the weights' gradients in place. What is
# small (the gradients of norms) comes with the second and is only added by the third, so that the norms' inputs need
# not be kept for it. Layers at the ends have the same passes with the same arguments.
#
# Everything in the type of the weights, fp32 (fp64 where differences are compared). States: [rows, places, channels].

# [rows, places, channels] to [rows, heads, places, width]
def split(x: Tensor, heads: int) -> Tensor:
  return torch.transpose(torch.reshape(x, [x.size(0), x.size(1), heads, -1]), 1, 2)

# The way back.
def merge(x: Tensor) -> Tensor:
  return torch.reshape(torch.transpose(x, 1, 2), [x.size(0), x.size(2), -1])

class K(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # x + attention(norm1(x)), then y + feed_forward(norm2(y)). inputs: x
  def block_forward(self: __torch__.K, inputs: List[Tensor], w: Dict[str, Tensor], heads: int, causal: bool) -> List[Tensor]:
    x = inputs[0]
    channels = x.size(-1)
    n1, mean1, rstd1, = torch.native_layer_norm(x, [channels], w["norm1.weight"], w["norm1.bias"], 1.0000000000000001e-05)
    qkv = torch.linear(n1, w["qkv.weight"], w["qkv.bias"])
    parts = torch.chunk(qkv, 3, 2)
    q = __torch__.split(parts[0], heads)
    k = __torch__.split(parts[1], heads)
    v = __torch__.split(parts[2], heads)
    scores = torch.mul_(torch.matmul(q, torch.transpose(k, 2, 3)), torch.pow(channels // heads, -0.5))
    if causal:
      later = torch.triu(torch.ones([x.size(1), x.size(1)], dtype=11, device=x.device), 1)
      # The lowest fp32 number: softmax makes an exact zero of it.
      scores = torch.masked_fill_(scores, later, -3.4028234663852886e+38)
    p = torch.softmax(scores, 3)  # [rows, heads, places, places]
    a = __torch__.merge(torch.matmul(p, v))
    y = torch.add_(torch.linear(a, w["out.weight"], w["out.bias"]), x)
    n2, mean2, rstd2, = torch.native_layer_norm(y, [channels], w["norm2.weight"], w["norm2.bias"], 1.0000000000000001e-05)
    h = torch.linear(n2, w["up.weight"], w["up.bias"])
    z = torch.add_(torch.linear(torch.gelu(h), w["down.weight"], w["down.bias"]), y)
    return [z, x, mean1, rstd1, n1, qkv, p, a, y, mean2, rstd2, n2, h]

  # d_NAME is the gradient of NAME above.
  def block_backward(self: __torch__.K, gradient: Tensor, kept: List[Tensor], w: Dict[str, Tensor], heads: int, causal: bool) -> List[Tensor]:
    x, mean1, rstd1, n1, qkv, p, a, y, mean2, rstd2, n2, h, = kept
    channels = x.size(-1)
    d_h = torch.gelu_backward(torch.matmul(gradient, w["down.weight"]), h)
    d_n2 = torch.matmul(d_h, w["up.weight"])
    d_y, d_weight2, d_bias2, = torch.native_layer_norm_backward(d_n2, y, [channels], mean2, rstd2, w["norm2.weight"], w["norm2.bias"], [True, True, True])
    d_y = torch.add_(d_y, gradient)
    d_a = __torch__.split(torch.matmul(d_y, w["out.weight"]), heads)
    parts = torch.chunk(qkv, 3, 2)
    d_v = torch.matmul(torch.transpose(p, 2, 3), d_a)
    d_p = torch.matmul(d_a, torch.transpose(__torch__.split(parts[2], heads), 2, 3))
    d_scores = torch._softmax_backward_data(d_p, p, 3, p.dtype)
    d_scores = torch.mul_(d_scores, torch.pow(channels // heads, -0.5))
    d_q = torch.matmul(d_scores, __torch__.split(parts[1], heads))
    d_k = torch.matmul(torch.transpose(d_scores, 2, 3), __torch__.split(parts[0], heads))
    d_qkv = torch.cat([__torch__.merge(d_q), __torch__.merge(d_k), __torch__.merge(d_v)], 2)
    d_n1 = torch.matmul(d_qkv, w["qkv.weight"])
    d_x, d_weight1, d_bias1, = torch.native_layer_norm_backward(d_n1, x, [channels], mean1, rstd1, w["norm1.weight"], w["norm1.bias"], [True, True, True])
    return [torch.add_(d_x, d_y), d_weight1, d_bias1, n1, d_qkv, a, d_y, d_weight2, d_bias2, n2, d_h, h, gradient]

  def block_weights(self: __torch__.K, kept: List[Tensor], gradients: Dict[str, Tensor]) -> Tensor:
    d_weight1, d_bias1, n1, d_qkv, a, d_y, d_weight2, d_bias2, n2, d_h, h, d_z, = kept
    __torch__.common.add_norm_gradient(gradients, "norm1", d_weight1, d_bias1)
    __torch__.common.add_linear_gradient(gradients, "qkv", n1, d_qkv)
    __torch__.common.add_linear_gradient(gradients, "out", a, d_y)
    __torch__.common.add_norm_gradient(gradients, "norm2", d_weight2, d_bias2)
    __torch__.common.add_linear_gradient(gradients, "up", n2, d_h)
    __torch__.common.add_linear_gradient(gradients, "down", torch.gelu(h), d_z)
    return gradients["norm1.weight"]
