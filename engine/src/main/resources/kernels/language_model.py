# A decoder-only language model, layer by layer, with its derivatives by hand: a forward pass, a backward pass to
# the layer's input, and one to its weights. The first two return their result and then what the next one needs;
# nothing else lives on. The third adds to the weights' gradients in place. What is small (the gradients of norms)
# comes with the second and is only added by the third, so that the norms' inputs need not be kept for it.
#
# Everything in the type of the weights, fp32 (fp64 where differences are compared). States: [rows, places, channels].

# [rows, places, channels] to [rows, heads, places, width]
def split(x: Tensor, heads: int) -> Tensor:
  return torch.transpose(torch.reshape(x, [x.size(0), x.size(1), heads, -1]), 1, 2)

# The way back.
def merge(x: Tensor) -> Tensor:
  return torch.reshape(torch.transpose(x, 1, 2), [x.size(0), x.size(2), -1])

# The gradient of linear layer `name` from its input x and the gradient of its output, added in place.
def add_linear(gradients: Dict[str, Tensor], name: str, x: Tensor, gradient: Tensor) -> None:
  rows = torch.reshape(gradient, [-1, gradient.size(-1)])
  weight = gradients[torch.add(name, ".weight")]
  _0 = torch.addmm_(weight, torch.t(rows), torch.reshape(x, [-1, x.size(-1)]))
  bias = torch.add(name, ".bias")
  if bias in gradients:
    _1 = torch.add_(gradients[bias], torch.sum(rows, [0]))
  return None

# The gradient of norm `name`, added in place.
def add_norm(gradients: Dict[str, Tensor], name: str, weight: Tensor, bias: Tensor) -> None:
  _0 = torch.add_(gradients[torch.add(name, ".weight")], weight)
  _1 = torch.add_(gradients[torch.add(name, ".bias")], bias)
  return None

class K(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # inputs: tokens, int64 [rows, places]
  def embedding_forward(self: __torch__.K, inputs: List[Tensor], w: Dict[str, Tensor], heads: int) -> List[Tensor]:
    tokens = inputs[0]
    places = torch.slice(w["positions.weight"], 0, 0, tokens.size(1))
    return [torch.add(torch.embedding(w["tokens.weight"], tokens), places), tokens]

  # Tokens have no gradient; the result is the one that came.
  def embedding_backward(self: __torch__.K, gradient: Tensor, kept: List[Tensor], w: Dict[str, Tensor], heads: int) -> List[Tensor]:
    return [gradient, kept[0], gradient]

  # kept: tokens, gradient of the sum of both embeddings
  def embedding_weights(self: __torch__.K, kept: List[Tensor], gradients: Dict[str, Tensor]) -> Tensor:
    gradient = kept[1]
    tokens = gradients["tokens.weight"]
    _0 = torch.add_(tokens, torch.embedding_dense_backward(gradient, kept[0], tokens.size(0), -1, False))
    return torch.add_(torch.slice(gradients["positions.weight"], 0, 0, gradient.size(1)), torch.sum(gradient, [0]))

  # x + attention(norm1(x)), then y + feed_forward(norm2(y)). inputs: x
  def block_forward(self: __torch__.K, inputs: List[Tensor], w: Dict[str, Tensor], heads: int) -> List[Tensor]:
    x = inputs[0]
    channels = x.size(-1)
    n1, mean1, rstd1, = torch.native_layer_norm(x, [channels], w["norm1.weight"], w["norm1.bias"], 1.0000000000000001e-05)
    qkv = torch.linear(n1, w["qkv.weight"], w["qkv.bias"])
    parts = torch.chunk(qkv, 3, 2)
    q = __torch__.split(parts[0], heads)
    k = __torch__.split(parts[1], heads)
    v = __torch__.split(parts[2], heads)
    scores = torch.mul_(torch.matmul(q, torch.transpose(k, 2, 3)), torch.pow(channels // heads, -0.5))
    later = torch.triu(torch.ones([x.size(1), x.size(1)], dtype=11, device=x.device), 1)
    # The lowest fp32 number: softmax makes an exact zero of it.
    p = torch.softmax(torch.masked_fill_(scores, later, -3.4028234663852886e+38), 3)  # [rows, heads, places, places]
    a = __torch__.merge(torch.matmul(p, v))
    y = torch.add_(torch.linear(a, w["out.weight"], w["out.bias"]), x)
    n2, mean2, rstd2, = torch.native_layer_norm(y, [channels], w["norm2.weight"], w["norm2.bias"], 1.0000000000000001e-05)
    h = torch.linear(n2, w["up.weight"], w["up.bias"])
    z = torch.add_(torch.linear(torch.gelu(h), w["down.weight"], w["down.bias"]), y)
    return [z, x, mean1, rstd1, n1, qkv, p, a, y, mean2, rstd2, n2, h]

  # d_NAME is the gradient of NAME above.
  def block_backward(self: __torch__.K, gradient: Tensor, kept: List[Tensor], w: Dict[str, Tensor], heads: int) -> List[Tensor]:
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
    __torch__.add_norm(gradients, "norm1", d_weight1, d_bias1)
    __torch__.add_linear(gradients, "qkv", n1, d_qkv)
    __torch__.add_linear(gradients, "out", a, d_y)
    __torch__.add_norm(gradients, "norm2", d_weight2, d_bias2)
    __torch__.add_linear(gradients, "up", n2, d_h)
    __torch__.add_linear(gradients, "down", torch.gelu(h), d_z)
    return gradients["norm1.weight"]

  # The mean cross-entropy of all places. inputs: x; targets, int64 [rows, places]
  def head_forward(self: __torch__.K, inputs: List[Tensor], w: Dict[str, Tensor], heads: int) -> List[Tensor]:
    x = inputs[0]
    targets = torch.reshape(inputs[1], [-1])
    n, mean, rstd, = torch.native_layer_norm(x, [x.size(-1)], w["norm.weight"], w["norm.bias"], 1.0000000000000001e-05)
    logits = torch.linear(torch.reshape(n, [-1, n.size(-1)]), w["head.weight"])
    logs = torch.log_softmax(logits, 1)  # [rows * places, vocabulary]
    loss, count, = torch.nll_loss_forward(logs, targets, None, 1, -100)
    return [loss, x, mean, rstd, n, logs, targets, count]

  # gradient: of the loss, a single number
  def head_backward(self: __torch__.K, gradient: Tensor, kept: List[Tensor], w: Dict[str, Tensor], heads: int) -> List[Tensor]:
    x, mean, rstd, n, logs, targets, count, = kept
    d_logs = torch.nll_loss_backward(gradient, logs, targets, None, 1, -100, count)
    d_logits = torch._log_softmax_backward_data(d_logs, logs, 1, logs.dtype)
    d_n = torch.reshape(torch.matmul(d_logits, w["head.weight"]), x.size())
    d_x, d_weight, d_bias, = torch.native_layer_norm_backward(d_n, x, [x.size(-1)], mean, rstd, w["norm.weight"], w["norm.bias"], [True, True, True])
    return [d_x, d_weight, d_bias, n, d_logits]

  def head_weights(self: __torch__.K, kept: List[Tensor], gradients: Dict[str, Tensor]) -> Tensor:
    d_weight, d_bias, n, d_logits, = kept
    __torch__.add_norm(gradients, "norm", d_weight, d_bias)
    __torch__.add_linear(gradients, "head", n, d_logits)
    return gradients["norm.weight"]
