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

  # output: the network's rows; strength: guidance of the guided members, fp32.
  # numbers: [members, 7] x0 from sample, from output, limit; next from sample, output, x0, previous x0.
  # Returns each member's next sample, then each member's estimate of the clean latents, and last how many
  # places of each member are not finite: [members].
  def advance(self: __torch__.K, samples: List[Tensor], estimates: List[Tensor], output: Tensor, guided: Tensor, strength: Tensor, numbers: Tensor) -> List[Tensor]:
    sample = torch.cat(samples)
    members = sample.size(0)
    prediction = torch.slice(output, 0, 0, members)
    if guided.size(0) > 0:
      positive = torch.index_select(prediction, 0, guided)
      negative = torch.slice(output, 0, members)
      mixed = torch.add(negative, torch.mul(torch.sub(positive, negative), strength.view([-1, 1, 1, 1])))
      prediction = torch.index_copy(prediction, 0, guided, mixed)
    limit = __torch__.column(numbers, 2)
    x0 = torch.add(torch.mul(sample, __torch__.column(numbers, 0)), torch.mul(prediction, __torch__.column(numbers, 1)))
    x0 = torch.minimum(torch.maximum(x0, torch.neg(limit)), limit)
    next = torch.add(torch.mul(sample, __torch__.column(numbers, 3)), torch.mul(prediction, __torch__.column(numbers, 4)))
    next = torch.add(next, torch.mul(x0, __torch__.column(numbers, 5)))
    next = torch.add(next, torch.mul(torch.cat(estimates), __torch__.column(numbers, 6)))
    wrong = torch.sum(torch.logical_not(torch.isfinite(torch.add(next, x0))).to(6), [1, 2, 3])
    return torch.add(torch.add(torch.split(next, 1), torch.split(x0, 1)), [wrong])

  # A picture of the autoencoder from about -1..1 to 0..1, clipped.
  def unit(self: __torch__.K, picture: Tensor) -> Tensor:
    return torch.clamp(torch.add(torch.mul(picture, 0.5), 0.5), 0., 1.)

  # A picture in 0..1: [1, 3, height, width] to bytes [height, width, 3] as fp32.
  def pixels(self: __torch__.K, unit: Tensor) -> Tensor:
    return torch.round(torch.mul(unit, 255.)).squeeze(0).permute([1, 2, 0]).contiguous()
