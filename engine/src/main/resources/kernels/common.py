# Functions that several kernels share. They are called as __torch__.common.NAME.
#
# Between kernels, and along residual connections inside them, maps and states are fp32; products take the type
# of their weights. Rounding then stays within the branches and does not pile up with depth. Type 6 is fp32.

# GroupNorm and SiLU in fp32.
def norm_silu(x: Tensor, weight: Tensor, bias: Tensor, groups: int, eps: float) -> Tensor:
  return torch.silu_(torch.group_norm(x, groups, weight, bias, eps))

# Convolution in the weights' type, with a result in fp32.
def conv(x: Tensor, weight: Tensor, bias: Optional[Tensor], stride: int, padding: int) -> Tensor:
  return torch.conv2d(x.to(weight.dtype), weight, bias, [stride, stride], [padding, padding]).to(6)

# LayerNorm over channels in fp32, handed on in the type of `weight_type`.
def layer_norm(x: Tensor, weight: Tensor, bias: Tensor, eps: float, weight_type: int) -> Tensor:
  return torch.layer_norm(x, [x.size(2)], weight, bias, eps).to(weight_type)

# x + linear(y), in fp32; y is in the weights' type.
def add_linear(x: Tensor, y: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
  return torch.add_(torch.linear(y, weight, bias).to(6), x)

# Multi-head attention without mask on projected tokens; softmax runs in fp32 inside the fused operator.
# q: [batch, queries, channels]; k, v: [batch, keys, channels]
def attention(q: Tensor, k: Tensor, v: Tensor, heads: int, causal: bool) -> Tensor:
  batch = q.size(0)
  width = q.size(2) // heads
  qh = torch.transpose(q.view([batch, -1, heads, width]), 1, 2)  # [batch, heads, queries, width]
  kh = torch.transpose(k.view([batch, -1, heads, width]), 1, 2)  # [batch, heads, keys, width]
  vh = torch.transpose(v.view([batch, -1, heads, width]), 1, 2)
  mixed = torch.scaled_dot_product_attention(qh, kh, vh, None, 0., causal)
  return torch.transpose(mixed, 1, 2).reshape([batch, -1, heads * width])

# [batch, channels, height, width] to [batch, height * width, channels]
def tokens_of(x: Tensor) -> Tensor:
  return torch.transpose(torch.flatten(x, 2), 1, 2)

# The way back, to the shape of `like`.
def map_of(tokens: Tensor, like: Tensor) -> Tensor:
  return torch.transpose(tokens, 1, 2).reshape(like.size())
