package io.neurograft.neural.tensor;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;

/**
 * Operators of the engine that the array interface lacks. None records gradients. Results belong to
 * the scope of the first argument.
 */
public final class Operators {
  private static final String METHODS =
      """
      def cholesky(self: __torch__.Operators, a: Tensor) -> Tuple[Tensor, Tensor]:
        l, info = torch.linalg_cholesky_ex(a, upper=False, check_errors=False)
        return (l, info)
      def cholesky_solve(self: __torch__.Operators, b: Tensor, l: Tensor) -> Tensor:
        return torch.cholesky_solve(b, l)
      def eigh(self: __torch__.Operators, a: Tensor) -> Tuple[Tensor, Tensor]:
        w, v = torch.linalg_eigh(a)
        return (w, v)
      def add_product(self: __torch__.Operators, sum: Tensor, a: Tensor, b: Tensor) -> int:
        torch.addmm_(sum, a, b)
        return 0
      def channels_last(self: __torch__.Operators, x: Tensor, padding: int) -> Tensor:
        return torch.contiguous(torch.constant_pad_nd(torch.permute(x, [0, 2, 3, 1]), [0, 0, padding, padding, padding, padding], 0))
      def strided(self: __torch__.Operators, x: Tensor, shape: List[int], strides: List[int]) -> Tensor:
        return torch.as_strided(x, shape, strides)
      def rows(self: __torch__.Operators, x: Tensor, index: Tensor) -> Tensor:
        return torch.index_select(x, 0, index)
      def columns(self: __torch__.Operators, x: Tensor, index: Tensor) -> Tensor:
        return torch.index_select(x, 1, index)
      def gradients(self: __torch__.Operators, y: Tensor, g: Tensor, x: List[Tensor]) -> List[Tensor]:
        found = torch.grad([y], x, annotate(List[Optional[Tensor]], [g]), None, False, False)
        out = annotate(List[Tensor], [])
        for i in range(torch.len(found)):
          _0 = torch.append(out, unchecked_cast(Tensor, found[i]))
        return out
      def add_trapezoid(self: __torch__.Operators, sum: Tensor, a: Tensor, b: Tensor, c: Tensor, d: Tensor) -> int:
        torch.addcmul_(sum, torch.sub(a, b), torch.add(c, d), value=0.5)
        return 0
      def sgd(self: __torch__.Operators, w: List[Tensor], g: List[Tensor], m: List[Tensor], lr: float, momentum: float, decay: float, first: bool) -> int:
        if torch.eq(momentum, 0.):
          torch._fused_sgd_(w, g, annotate(List[Tensor], []), weight_decay=decay, momentum=0., lr=lr, dampening=0., nesterov=False, maximize=False, is_first_step=first)
        else:
          torch._fused_sgd_(w, g, m, weight_decay=decay, momentum=momentum, lr=lr, dampening=0., nesterov=False, maximize=False, is_first_step=first)
        torch._foreach_zero_(g)
        return 0
      def adam(self: __torch__.Operators, w: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], steps: List[Tensor], lr: float, decay: float) -> int:
        torch._foreach_add_(steps, 1)
        torch._fused_adam_(w, g, m, v, [], steps, lr=lr, beta1=0.9, beta2=0.999, weight_decay=decay, eps=1e-08, amsgrad=False, maximize=False)
        torch._foreach_zero_(g)
        return 0
      """
          .indent(2);

  /** Kept for the life of the process: it frees its module when it is collected. */
  private static final Model MODEL = load();

  private static final PtSymbolBlock MODULE = (PtSymbolBlock) MODEL.getBlock();

  private Operators() {}

  private static Model load() {
    Model model = Model.newInstance("operators");
    try {
      model.load(TorchScript.archive(METHODS));
      return model;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedModelException e) {
      throw new IllegalStateException("the engine refuses the operators' module", e);
    }
  }

  /**
   * The Cholesky factor of a symmetric positive definite matrix.
   *
   * @param a (n x n)
   * @return the lower factor (n x n) and a scalar that is 0 where the factorisation went well
   */
  public static NDList cholesky(NDArray a) {
    return call("cholesky", a.getManager(), tensor(a));
  }

  /**
   * Solves {@code (l l') x = b}.
   *
   * @param b (n x m)
   * @param l the lower Cholesky factor (n x n)
   * @return x (n x m)
   */
  public static NDArray choleskySolve(NDArray b, NDArray l) {
    return call("cholesky_solve", b.getManager(), tensor(b), tensor(l)).get(0);
  }

  /**
   * Eigenvalues, ascending, and eigenvectors of a symmetric matrix.
   *
   * @param a (n x n)
   * @return eigenvalues (n) and eigenvectors in columns (n x n)
   */
  public static NDList eigh(NDArray a) {
    return call("eigh", a.getManager(), tensor(a));
  }

  /**
   * Images with zeros around them, the channels of a pixel side by side in memory.
   *
   * @param x (B x C x H x W)
   * @param padding the zeros at each border, in pixels
   * @return (B x H + 2 padding x W + 2 padding x C)
   */
  public static NDArray channelsLast(NDArray x, int padding) {
    return call("channels_last", x.getManager(), tensor(x), IValue.from((long) padding)).get(0);
  }

  /**
   * Another view of an array's memory.
   *
   * @param x contiguous
   * @param strides steps between elements along each axis; elements may be seen more than once
   */
  public static NDArray strided(NDArray x, long[] shape, long[] strides) {
    return call(
            "strided", x.getManager(), tensor(x), IValue.listFrom(shape), IValue.listFrom(strides))
        .get(0);
  }

  /**
   * Adds {@code a b} to a sum in place.
   *
   * @param sum (n x m)
   * @param a (n x p)
   * @param b (p x m)
   */
  public static void addProduct(NDArray sum, NDArray a, NDArray b) {
    run("add_product", tensor(sum), tensor(a), tensor(b));
  }

  /**
   * Some rows of a matrix.
   *
   * @param x (rows x n)
   * @param index which rows, int64
   * @return (index x n)
   */
  public static NDArray rows(NDArray x, NDArray index) {
    return call("rows", x.getManager(), tensor(x), tensor(index)).get(0);
  }

  /**
   * Some columns of a matrix.
   *
   * @param x (n x columns)
   * @param index which columns, int64; a column may be taken more than once
   * @return (n x index)
   */
  public static NDArray columns(NDArray x, NDArray index) {
    return call("columns", x.getManager(), tensor(x), tensor(index)).get(0);
  }

  /**
   * The gradients of a result with respect to arrays that it was computed from, which need not be
   * leaves of the record. Frees the record.
   *
   * @param y the result, recorded
   * @param g the gradient with respect to {@code y}, of its shape
   * @param x require gradients; {@code y} depends on each
   * @return one array for each of {@code x}, of its shape
   */
  static NDList gradients(NDArray y, NDArray g, List<NDArray> x) {
    return call("gradients", y.getManager(), tensor(y), tensor(g), tensors(x));
  }

  /** Adds {@code (a - b) (c + d) / 2} to a sum in place, element by element. */
  public static void addTrapezoid(NDArray sum, NDArray a, NDArray b, NDArray c, NDArray d) {
    run("add_trapezoid", tensor(sum), tensor(a), tensor(b), tensor(c), tensor(d));
  }

  /**
   * One step of stochastic gradient descent, in place; clears the gradients.
   *
   * @param momenta the running momenta, overwritten on the first step; unused where momentum is 0
   */
  public static void sgd(
      List<NDArray> weights,
      List<NDArray> gradients,
      List<NDArray> momenta,
      double learningRate,
      double momentum,
      double decay,
      boolean first) {
    run(
        "sgd",
        tensors(weights),
        tensors(gradients),
        tensors(momenta),
        IValue.from(learningRate),
        IValue.from(momentum),
        IValue.from(decay),
        IValue.from(first));
  }

  /**
   * One step of Adam (beta 0.9 and 0.999, epsilon 1e-8), in place; clears the gradients.
   *
   * @param means running means of the gradients
   * @param squares running means of the squared gradients
   * @param steps the number of steps so far, a float scalar per weight; counted up
   */
  public static void adam(
      List<NDArray> weights,
      List<NDArray> gradients,
      List<NDArray> means,
      List<NDArray> squares,
      List<NDArray> steps,
      double learningRate,
      double decay) {
    run(
        "adam",
        tensors(weights),
        tensors(gradients),
        tensors(means),
        tensors(squares),
        tensors(steps),
        IValue.from(learningRate),
        IValue.from(decay));
  }

  private static NDList call(String method, NDManager scope, IValue... arguments) {
    try (IValue result = IValueUtils.runMethod(MODULE, method, arguments)) {
      return result.toNDList((PtNDManager) scope);
    } finally {
      Arrays.stream(arguments).forEach(IValue::close);
    }
  }

  private static void run(String method, IValue... arguments) {
    try (IValue result = IValueUtils.runMethod(MODULE, method, arguments)) {
      result.toLong();
    } finally {
      Arrays.stream(arguments).forEach(IValue::close);
    }
  }

  private static IValue tensor(NDArray array) {
    return IValue.from((PtNDArray) array);
  }

  private static IValue tensors(List<NDArray> arrays) {
    return IValue.listFrom(arrays.stream().map(PtNDArray.class::cast).toArray(PtNDArray[]::new));
  }
}
