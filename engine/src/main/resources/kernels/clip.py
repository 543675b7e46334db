# CLIP's text transformer: pre-norm layers with causal attention.

def activation(x: Tensor, quick: bool) -> Tensor:
  if quick:
    y = torch.mul(x, torch.sigmoid(torch.mul(x, 1.702)))
  else:
    y = torch.gelu(x)
  return y

# x: fp32 [batch, tokens, channels]
def layer(x: Tensor, w: Dict[str, Tensor], heads: int, eps: float, quick: bool) -> Tensor:
  kind = w["mlp.fc1.weight"].dtype
  n = __torch__.common.layer_norm(x, w["layer_norm1.weight"], w["layer_norm1.bias"], eps, kind)
  q = torch.linear(n, w["self_attn.q_proj.weight"], w["self_attn.q_proj.bias"])
  k = torch.linear(n, w["self_attn.k_proj.weight"], w["self_attn.k_proj.bias"])
  v = torch.linear(n, w["self_attn.v_proj.weight"], w["self_attn.v_proj.bias"])
  a = __torch__.common.attention(q, k, v, heads, True)
  x = __torch__.common.add_linear(x, a, w["self_attn.out_proj.weight"], w["self_attn.out_proj.bias"])
  n = __torch__.common.layer_norm(x, w["layer_norm2.weight"], w["layer_norm2.bias"], eps, kind)
  hidden = __torch__.activation(torch.linear(n, w["mlp.fc1.weight"], w["mlp.fc1.bias"]), quick)
  return __torch__.common.add_linear(x, hidden, w["mlp.fc2.weight"], w["mlp.fc2.bias"])

class K(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # ids: [batch, tokens]; returns two tensors [batch, tokens, channels]: the states after the last layer
  # and the final norm, and those before the last layer
  def forward(self: __torch__.K, ids: Tensor, tokens: Dict[str, Tensor], places: Dict[str, Tensor], norm: Dict[str, Tensor], layers: List[Dict[str, Tensor]], heads: int, eps: float, quick: bool) -> List[Tensor]:
    x = torch.add(torch.embedding(tokens["weight"], ids), torch.slice(places["weight"], 0, 0, ids.size(1))).to(6)
    before = x
    for i in range(torch.len(layers)):
      before = x
      x = __torch__.layer(x, layers[i], heads, eps, quick)
    return [__torch__.common.layer_norm(x, norm["weight"], norm["bias"], eps, 6), before]
