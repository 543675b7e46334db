# CLIP's text transformer: pre-norm layers with causal attention.

def activation(x: Tensor, quick: bool) -> Tensor:
  if quick:
    y = torch.mul(x, torch.sigmoid(torch.mul(x, 1.702)))
  else:
    y = torch.gelu(x)
  return y

# x: [batch, tokens, channels]
def layer(x: Tensor, w: Dict[str, Tensor], heads: int, eps: float, quick: bool) -> Tensor:
  channels = x.size(2)
  n = torch.layer_norm(x, [channels], w["layer_norm1.weight"], w["layer_norm1.bias"], eps)
  q = torch.linear(n, w["self_attn.q_proj.weight"], w["self_attn.q_proj.bias"])
  k = torch.linear(n, w["self_attn.k_proj.weight"], w["self_attn.k_proj.bias"])
  v = torch.linear(n, w["self_attn.v_proj.weight"], w["self_attn.v_proj.bias"])
  a = __torch__.common.attention(q, k, v, heads, True)
  x = torch.add_(torch.linear(a, w["self_attn.out_proj.weight"], w["self_attn.out_proj.bias"]), x)
  n = torch.layer_norm(x, [channels], w["layer_norm2.weight"], w["layer_norm2.bias"], eps)
  hidden = __torch__.activation(torch.linear(n, w["mlp.fc1.weight"], w["mlp.fc1.bias"]), quick)
  return torch.add_(torch.linear(hidden, w["mlp.fc2.weight"], w["mlp.fc2.bias"]), x)

class K(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # ids: [batch, tokens]; returns two fp32 tensors [batch, tokens, channels]: the states after the last layer
  # and the final norm, and those before the last layer
  def forward(self: __torch__.K, ids: Tensor, tokens: Dict[str, Tensor], places: Dict[str, Tensor], norm: Dict[str, Tensor], layers: List[Dict[str, Tensor]], heads: int, eps: float, quick: bool) -> List[Tensor]:
    x = torch.add(torch.embedding(tokens["weight"], ids), torch.slice(places["weight"], 0, 0, ids.size(1)))
    before = x
    for i in range(torch.len(layers)):
      before = x
      x = __torch__.layer(x, layers[i], heads, eps, quick)
    last = torch.layer_norm(x, [x.size(2)], norm["weight"], norm["bias"], eps)
    return [last.to(6), before.to(6)]
