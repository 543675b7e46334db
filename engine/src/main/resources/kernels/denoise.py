# What stands around the network in one denoising step of a batch of members of one size. Each member is
# [1, channels, height, width]; the network's rows are all members with their prompts, then the guided ones
# with their negative prompts.

# A column of per-member numbers, to multiply maps with: [members, columns] to [members, 1, 1, 1]
def column(numbers: Tensor, index: int) -> Tensor:
  return torch.select(numbers, 1, index).view([-1, 1, 1, 1])

class K(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # guided: places of the guided members. Returns [rows, channels, height, width].
  def rows(self: __torch__.K, samples: List[Tensor], scale: Tensor, guided: Tensor) -> Tensor:
    scaled = torch.mul(torch.cat(samples), scale.view([-1, 1, 1, 1]))
    return torch.cat([scaled, torch.index_select(scaled, 0, guided)])

  # [rows, words, channels] from one [1, words, channels] each.
  def stacked(self: __torch__.K, prompts: List[Tensor]) -> Tensor:
    return torch.cat(prompts)

  # states: the samples, then the estimates of the clean latents of the step before, then the memories of those
  # members that have one.
  # output: the network's rows; strength: guidance of the guided members, fp32.
  # numbers: [members, 13] x0 from sample, from output, limit; next from sample, output, x0, previous x0, memory,
  # noise; memory from sample, x0, previous x0, memory.
  # remembering, drawing: places of the members with a memory and of those that noise is drawn for.
  # noise: [drawing, channels, height, width], standard normal.
  # Returns each member's next sample, then each member's estimate of the clean latents, then the memories, and last
  # how many places of each member are not finite: [members].
  def advance(self: __torch__.K, states: List[Tensor], output: Tensor, guided: Tensor, strength: Tensor, numbers: Tensor, remembering: Tensor, drawing: Tensor, noise: Tensor) -> List[Tensor]:
    members = numbers.size(0)
    sample = torch.cat(torch.slice(states, 0, members, 1))
    before = torch.cat(torch.slice(states, members, torch.mul(members, 2), 1))
    prediction = torch.slice(output, 0, 0, members)
    if guided.size(0) > 0:
      positive = torch.index_select(prediction, 0, guided)
      negative = torch.slice(output, 0, members)
      mixed = torch.add(negative, torch.mul(torch.sub(positive, negative), strength.view([-1, 1, 1, 1])))
      prediction = torch.index_copy(prediction, 0, guided, mixed)
    limit = __torch__.column(numbers, 2)
    x0 = torch.addcmul(torch.mul(sample, __torch__.column(numbers, 0)), prediction, __torch__.column(numbers, 1))
    x0 = torch.minimum(torch.maximum(x0, torch.neg(limit)), limit)
    next = torch.addcmul(torch.mul(sample, __torch__.column(numbers, 3)), prediction, __torch__.column(numbers, 4))
    next = torch.addcmul(next, x0, __torch__.column(numbers, 5))
    next = torch.addcmul(next, before, __torch__.column(numbers, 6))
    memories: List[Tensor] = []
    if remembering.size(0) > 0:
      memory = torch.cat(torch.slice(states, torch.mul(members, 2), 9223372036854775807, 1))
      own = torch.index_select(numbers, 0, remembering)
      next = torch.index_add(next, 0, remembering, torch.mul(memory, __torch__.column(own, 7)))
      kept = torch.mul(torch.index_select(sample, 0, remembering), __torch__.column(own, 9))
      kept = torch.addcmul(kept, torch.index_select(x0, 0, remembering), __torch__.column(own, 10))
      kept = torch.addcmul(kept, torch.index_select(before, 0, remembering), __torch__.column(own, 11))
      kept = torch.addcmul(kept, memory, __torch__.column(own, 12))
      memories = torch.split(kept, 1)
    if drawing.size(0) > 0:
      own = torch.index_select(numbers, 0, drawing)
      next = torch.index_add(next, 0, drawing, torch.mul(noise, __torch__.column(own, 8)))
    wrong = torch.sum(torch.logical_not(torch.isfinite(torch.add(next, x0))).to(6), [1, 2, 3])
    return torch.add(torch.add(torch.add(torch.split(next, 1), torch.split(x0, 1)), memories), [wrong])

  # What a step made inside the mask, and the picture at a level of noise outside it.
  # All [1, channels, height, width]; mask: [1, 1, height, width], 1 inside
  def blend(self: __torch__.K, sample: Tensor, picture: Tensor, noise: Tensor, mask: Tensor, signal: float, level: float) -> Tensor:
    kept = torch.add(torch.mul(picture, signal), torch.mul(noise, level))
    return torch.add(torch.mul(mask, sample), torch.mul(torch.rsub(mask, 1.), kept))

  # A picture of the autoencoder from about -1..1 to 0..1, clipped.
  def unit(self: __torch__.K, picture: Tensor) -> Tensor:
    return torch.clamp(torch.add(torch.mul(picture, 0.5), 0.5), 0., 1.)

  # A picture in 0..1: [1, 3, height, width] to bytes [height, width, 3] as fp32.
  def pixels(self: __torch__.K, unit: Tensor) -> Tensor:
    return torch.round(torch.mul(unit, 255.)).squeeze(0).permute([1, 2, 0]).contiguous()

  # The way back: bytes [height, width, 3] to [1, 3, height, width] in 0..1.
  def from_pixels(self: __torch__.K, bytes: Tensor) -> Tensor:
    return torch.div(torch.unsqueeze(torch.permute(bytes, [2, 0, 1]), 0).to(6), 255.).contiguous()
