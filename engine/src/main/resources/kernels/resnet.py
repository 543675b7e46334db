# ResnetBlock2D: two convolutions with GroupNorm and SiLU, the time embedding added between them, and a
# 1x1 shortcut where the channel number changes. Everything fp32 but the products.

def first_half(x: Tensor, w: Dict[str, Tensor], groups: int, eps: float) -> Tensor:
  h = __torch__.common.norm_silu(x, w["norm1.weight"], w["norm1.bias"], groups, eps)
  return __torch__.common.conv(h, w["conv1.weight"], w["conv1.bias"], 1, 1)

def second_half(x: Tensor, h: Tensor, w: Dict[str, Tensor], groups: int, eps: float, scale: float) -> Tensor:
  g = __torch__.common.norm_silu(h, w["norm2.weight"], w["norm2.bias"], groups, eps)
  out = __torch__.common.conv(g, w["conv2.weight"], w["conv2.bias"], 1, 1)
  if "conv_shortcut.weight" in w:
    out = torch.add_(out, __torch__.common.conv(x, w["conv_shortcut.weight"], w["conv_shortcut.bias"], 1, 0))
  else:
    out = torch.add_(out, x)
  if scale != 1.:
    out = torch.div_(out, scale)
  return out

class K(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # x: [batch, in, height, width] to [batch, out, height, width]
  def plain(self: __torch__.K, x: Tensor, w: Dict[str, Tensor], groups: int, eps: float, scale: float) -> Tensor:
    h = __torch__.first_half(x, w, groups, eps)
    return __torch__.second_half(x, h, w, groups, eps, scale)

  # time: [batch, time channels]
  def timed(self: __torch__.K, x: Tensor, time: Tensor, w: Dict[str, Tensor], groups: int, eps: float, scale: float) -> Tensor:
    h = __torch__.first_half(x, w, groups, eps)
    weight = w["time_emb_proj.weight"]
    shift = torch.linear(torch.silu(time).to(weight.dtype), weight, w["time_emb_proj.bias"])  # [batch, out]
    h = torch.add_(h, torch.unsqueeze(torch.unsqueeze(shift, 2), 3))
    return __torch__.second_half(x, h, w, groups, eps, scale)

  # The same on x and a skip connection, joined on the channel axis.
  def joined(self: __torch__.K, x: Tensor, skip: Tensor, time: Tensor, w: Dict[str, Tensor], groups: int, eps: float, scale: float) -> Tensor:
    return self.timed(torch.cat([x, skip], 1), time, w, groups, eps, scale)
