# CLIP's text transformer: pre-norm layers with causal attention, and a projection of the pooled state where the
# checkpoint has one.

def activation(x: Tensor, quick: bool) -> Tensor:
  if quick:
    y = torch.mul(x, torch.sigmoid(torch.mul(x, 1.702)))
  else:
    y = torch.gelu(x)
  return y

# A linear layer with what adapters add to it: x W^T + b + (x down^T) up^T. x is in the weights' type.
def project(x: Tensor, w: Dict[str, Tensor], terms: Dict[str, Tensor], name: str) -> Tensor:
  y = torch.linear(x, w[name + ".weight"], w[name + ".bias"])
  if name + ".down" in terms:
    inner = torch.linear(x, terms[name + ".down"].to(x.dtype))  # [batch, tokens, rank]
    y = torch.add(y, torch.linear(inner, terms[name + ".up"].to(x.dtype)))
  return y

# x: fp32 [batch, tokens, channels]
def layer(x: Tensor, w: Dict[str, Tensor], terms: Dict[str, Tensor], heads: int, eps: float, quick: bool) -> Tensor:
  kind = w["mlp.fc1.weight"].dtype
  n = __torch__.common.layer_norm(x, w["layer_norm1.weight"], w["layer_norm1.bias"], eps, kind)
  q = __torch__.project(n, w, terms, "self_attn.q_proj")
  k = __torch__.project(n, w, terms, "self_attn.k_proj")
  v = __torch__.project(n, w, terms, "self_attn.v_proj")
  a = __torch__.common.attention(q, k, v, heads, True)
  x = torch.add(x, __torch__.project(a, w, terms, "self_attn.out_proj").to(6))
  n = __torch__.common.layer_norm(x, w["layer_norm2.weight"], w["layer_norm2.bias"], eps, kind)
  hidden = __torch__.activation(__torch__.project(n, w, terms, "mlp.fc1"), quick)
  return torch.add(x, __torch__.project(hidden, w, terms, "mlp.fc2").to(6))

def final_norm(x: Tensor, head: Dict[str, Tensor], eps: float) -> Tensor:
  return __torch__.common.layer_norm(x, head["final_layer_norm.weight"], head["final_layer_norm.bias"], eps, 6)

class K(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # The states after the first `taken` layers. ids: [batch, tokens]; one dictionary of weights and one of adapters'
  # terms per layer. Returns [batch, tokens, channels].
  def states(self: __torch__.K, ids: Tensor, tokens: Dict[str, Tensor], places: Dict[str, Tensor], head: Dict[str, Tensor], layers: List[Dict[str, Tensor]], terms: List[Dict[str, Tensor]], heads: int, eps: float, quick: bool, taken: int, normed: bool) -> Tensor:
    x = torch.add(torch.embedding(tokens["weight"], ids), torch.slice(places["weight"], 0, 0, ids.size(1))).to(6)
    for i in range(taken):
      x = __torch__.layer(x, layers[i], terms[i], heads, eps, quick)
    if normed:
      x = __torch__.final_norm(x, head, eps)
    return x

  # The same and the pooled states [batch, pooled channels], which are read after the last layer and the final norm.
  # ends: [batch], where each text ends, counted through the whole batch's tokens
  def states_and_pooled(self: __torch__.K, ids: Tensor, ends: Tensor, tokens: Dict[str, Tensor], places: Dict[str, Tensor], head: Dict[str, Tensor], layers: List[Dict[str, Tensor]], terms: List[Dict[str, Tensor]], heads: int, eps: float, quick: bool, taken: int, normed: bool) -> List[Tensor]:
    x = self.states(ids, tokens, places, head, layers, terms, heads, eps, quick, taken, False)
    states = x
    for i in range(taken, torch.len(layers)):
      x = __torch__.layer(x, layers[i], terms[i], heads, eps, quick)
    if normed:
      states = __torch__.final_norm(states, head, eps)
    row = __torch__.final_norm(torch.index_select(torch.flatten(x, 0, 1), 0, ends).unsqueeze(1), head, eps)
    pooled = torch.flatten(row, 1)  # [batch, channels]
    if "text_projection.weight" in head:
      projection = head["text_projection.weight"]
      pooled = torch.linear(pooled.to(projection.dtype), projection).to(6)
    return [states, pooled]
