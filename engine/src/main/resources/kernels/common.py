# Functions that several kernels share. They are called as __torch__.common.NAME.

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
