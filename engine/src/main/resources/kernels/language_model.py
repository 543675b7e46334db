# The ends of a decoder-only language model; its blocks, and what the passes are, are in `trained_block`.

class K(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # inputs: tokens, int64 [rows, places]
  def embedding_forward(self: __torch__.K, inputs: List[Tensor], w: Dict[str, Tensor], heads: int, causal: bool) -> List[Tensor]:
    tokens = inputs[0]
    places = torch.slice(w["positions.weight"], 0, 0, tokens.size(1))
    return [torch.add(torch.embedding(w["tokens.weight"], tokens), places), tokens]

  # Tokens have no gradient; the result is the one that came.
  def embedding_backward(self: __torch__.K, gradient: Tensor, kept: List[Tensor], w: Dict[str, Tensor], heads: int, causal: bool) -> List[Tensor]:
    return [gradient, kept[0], gradient]

  # kept: tokens, gradient of the sum of both embeddings
  def embedding_weights(self: __torch__.K, kept: List[Tensor], gradients: Dict[str, Tensor]) -> Tensor:
    gradient = kept[1]
    tokens = gradients["tokens.weight"]
    _0 = torch.add_(tokens, torch.embedding_dense_backward(gradient, kept[0], tokens.size(0), -1, False))
    return torch.add_(torch.slice(gradients["positions.weight"], 0, 0, gradient.size(1)), torch.sum(gradient, [0]))

  # The mean cross-entropy of all places. inputs: x; targets, int64 [rows, places]
  def head_forward(self: __torch__.K, inputs: List[Tensor], w: Dict[str, Tensor], heads: int, causal: bool) -> List[Tensor]:
    x = inputs[0]
    targets = torch.reshape(inputs[1], [-1])
    n, mean, rstd, = torch.native_layer_norm(x, [x.size(-1)], w["norm.weight"], w["norm.bias"], 1.0000000000000001e-05)
    logits = torch.linear(torch.reshape(n, [-1, n.size(-1)]), w["head.weight"])
    logs = torch.log_softmax(logits, 1)  # [rows * places, vocabulary]
    loss, count, = torch.nll_loss_forward(logs, targets, None, 1, -100)
    return [loss, x, mean, rstd, n, logs, targets, count]

  # gradient: of the loss, a single number
  def head_backward(self: __torch__.K, gradient: Tensor, kept: List[Tensor], w: Dict[str, Tensor], heads: int, causal: bool) -> List[Tensor]:
    x, mean, rstd, n, logs, targets, count, = kept
    d_logs = torch.nll_loss_backward(gradient, logs, targets, None, 1, -100, count)
    d_logits = torch._log_softmax_backward_data(d_logs, logs, 1, logs.dtype)
    d_n = torch.reshape(torch.matmul(d_logits, w["head.weight"]), x.size())
    d_x, d_weight, d_bias, = torch.native_layer_norm_backward(d_n, x, [x.size(-1)], mean, rstd, w["norm.weight"], w["norm.bias"], [True, True, True])
    return [d_x, d_weight, d_bias, n, d_logits]

  def head_weights(self: __torch__.K, kept: List[Tensor], gradients: Dict[str, Tensor]) -> Tensor:
    d_weight, d_bias, n, d_logits, = kept
    __torch__.common.add_norm_gradient(gradients, "norm", d_weight, d_bias)
    __torch__.common.add_linear_gradient(gradients, "head", n, d_logits)
    return gradients["norm.weight"]
