# The encoder of T5 (arXiv:1910.10683): pre-norm layers without biases, attention without a scale and with a learned
# bias by distance, which the first layer holds for all.

# RMS norm in fp32, handed on in the type of `weight_type`.
def norm(x: Tensor, weight: Tensor, eps: float, weight_type: int) -> Tensor:
  return torch.rms_norm(x, [x.size(2)], weight, eps).to(weight_type)

def activation(x: Tensor, relu: bool) -> Tensor:
  if relu:
    y = torch.relu(x)
  else:
    y = torch.gelu(x, approximate="tanh")
  return y

# distances: [2 * tokens - 1], the bucket of each distance from 1 - tokens on; table: [buckets, heads]
# returns fp32 [1, heads, tokens, tokens]
def bias(distances: Tensor, table: Tensor, tokens: int) -> Tensor:
  values = torch.transpose(torch.embedding(table, distances), 0, 1).to(6).contiguous()  # [heads, distances]
  # Row q reads the distances of keys from 1 - tokens + (tokens - 1 - q) on: each row starts one place earlier.
  rows = torch.flip(values.unfold(1, tokens, 1), [1])
  return rows.unsqueeze(0)

# q, k, v: [batch, tokens, heads * width]
def attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor, heads: int) -> Tensor:
  batch = q.size(0)
  width = q.size(2) // heads
  qh = torch.transpose(q.view([batch, -1, heads, width]), 1, 2)  # [batch, heads, tokens, width]
  kh = torch.transpose(k.view([batch, -1, heads, width]), 1, 2)
  vh = torch.transpose(v.view([batch, -1, heads, width]), 1, 2)
  mixed = torch.scaled_dot_product_attention(qh, kh, vh, mask, 0., False, scale=1.)
  return torch.transpose(mixed, 1, 2).reshape([batch, -1, heads * width])

# x: fp32 [batch, tokens, channels]
def layer(x: Tensor, w: Dict[str, Tensor], mask: Tensor, heads: int, eps: float, relu: bool) -> Tensor:
  kind = w["layer.0.SelfAttention.q.weight"].dtype
  n = __torch__.norm(x, w["layer.0.layer_norm.weight"], eps, kind)
  q = torch.linear(n, w["layer.0.SelfAttention.q.weight"])
  k = torch.linear(n, w["layer.0.SelfAttention.k.weight"])
  v = torch.linear(n, w["layer.0.SelfAttention.v.weight"])
  a = __torch__.attention(q, k, v, mask, heads)
  x = torch.add(x, torch.linear(a, w["layer.0.SelfAttention.o.weight"]).to(6))
  n = __torch__.norm(x, w["layer.1.layer_norm.weight"], eps, kind)
  if "layer.1.DenseReluDense.wi_1.weight" in w:
    gate = __torch__.activation(torch.linear(n, w["layer.1.DenseReluDense.wi_0.weight"]), relu)
    hidden = torch.mul(gate, torch.linear(n, w["layer.1.DenseReluDense.wi_1.weight"]))
  else:
    hidden = __torch__.activation(torch.linear(n, w["layer.1.DenseReluDense.wi.weight"]), relu)
  return torch.add(x, torch.linear(hidden, w["layer.1.DenseReluDense.wo.weight"]).to(6))

class K(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # ids: [batch, tokens]; returns fp32 [batch, tokens, channels] after the final norm
  def forward(self: __torch__.K, ids: Tensor, distances: Tensor, ends: Dict[str, Tensor], layers: List[Dict[str, Tensor]], heads: int, eps: float, relu: bool) -> Tensor:
    x = torch.embedding(ends["embed_tokens.weight"], ids).to(6)
    mask = __torch__.bias(distances, ends["block.0.layer.0.SelfAttention.relative_attention_bias.weight"], ids.size(1)).to(layers[0]["layer.0.SelfAttention.q.weight"].dtype)
    for i in range(torch.len(layers)):
      x = __torch__.layer(x, layers[i], mask, heads, eps, relu)
    return __torch__.norm(x, ends["final_layer_norm.weight"], eps, 6)
