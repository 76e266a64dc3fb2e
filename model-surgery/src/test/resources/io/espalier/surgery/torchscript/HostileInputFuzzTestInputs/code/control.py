def helper(x: Tensor,
    flag: bool=True) -> Tuple[Tensor, Dict[str, Tensor]]:
  if torch.__is__(x, None):
    y = x
  else:
    y = torch.neg(x)
  return (y, {"out": y})
class Model(Module):
  child : __torch__.Child
  def forward(self: __torch__.Model,
    x: Tensor) -> Dict[str, Tensor]:
    y = x
    for i in range(self.size):
      y = torch.add(y, getattr(self, "weight"))
    _0 = torch.gt(torch.len(torch.size(y)), 3)
    if bool(_0):
      ops.prim.RaiseException("four\ndimensions")
      _1 = uninitialized(Tensor)
    else:
      _1 = y
    z, d, = __torch__.helper(_1, True, )
    while torch.lt(i, 10):
      i = torch.add(i, 1)
    return {"out": z, "aux": d["out"]}
class Child(Module):
  def forward(self: __torch__.Child, x: Tensor) -> Tensor:
    return x
