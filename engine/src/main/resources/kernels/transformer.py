# Transformer2DModel on a map: GroupNorm and projection, then layers of self-attention, cross-attention and a
# gated feed-forward, then a projection back and the residual. 1x1 convolutions and linear projections are the
# same sum, so both kinds of checkpoint take the linear way.

# x: fp32 [batch, tokens, channels]; context: [batch, words, context channels] in the weights' type
def layer(x: Tensor, context: Tensor, w: Dict[str, Tensor], heads: int, only_cross: bool) -> Tensor:
  kind = context.dtype
  n = __torch__.common.layer_norm(x, w["norm1.weight"], w["norm1.bias"], 1.0000000000000001e-05, kind)
  source = n
  if only_cross:
    source = context
  a = __torch__.common.attention(torch.linear(n, w["attn1.to_q.weight"]), torch.linear(source, w["attn1.to_k.weight"]), torch.linear(source, w["attn1.to_v.weight"]), heads, False)
  x = __torch__.common.add_linear(x, a, w["attn1.to_out.0.weight"], w["attn1.to_out.0.bias"])
  n = __torch__.common.layer_norm(x, w["norm2.weight"], w["norm2.bias"], 1.0000000000000001e-05, kind)
  a = __torch__.common.attention(torch.linear(n, w["attn2.to_q.weight"]), torch.linear(context, w["attn2.to_k.weight"]), torch.linear(context, w["attn2.to_v.weight"]), heads, False)
  x = __torch__.common.add_linear(x, a, w["attn2.to_out.0.weight"], w["attn2.to_out.0.bias"])
  n = __torch__.common.layer_norm(x, w["norm3.weight"], w["norm3.bias"], 1.0000000000000001e-05, kind)
  both = torch.linear(n, w["ff.net.0.proj.weight"], w["ff.net.0.proj.bias"])  # [batch, tokens, value and gate]
  value, gate = torch.chunk(both, 2, -1)
  return __torch__.common.add_linear(x, torch.mul(value, torch.gelu(gate)), w["ff.net.2.weight"], w["ff.net.2.bias"])

class K(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # x: [batch, channels, height, width]; one dictionary of weights per layer
  def forward(self: __torch__.K, x: Tensor, context: Tensor, w: Dict[str, Tensor], layers: List[Dict[str, Tensor]], groups: int, heads: int, only_cross: bool) -> Tensor:
    into = torch.flatten(w["proj_in.weight"], 1)
    out = torch.flatten(w["proj_out.weight"], 1)
    n = torch.group_norm(x, groups, w["norm.weight"], w["norm.bias"], 9.9999999999999995e-07)
    t = torch.linear(__torch__.common.tokens_of(n).to(into.dtype), into, w["proj_in.bias"]).to(6)
    c = context.to(into.dtype)
    for i in range(torch.len(layers)):
      t = __torch__.layer(t, c, layers[i], heads, only_cross)
    t = torch.linear(t.to(into.dtype), out, w["proj_out.bias"])
    return torch.add(__torch__.common.map_of(t, x), x)
