// Activations over floats that lie side by side.

template <class Op> void each_lane(const Op &op, const float *x, float *y, int64_t n) {
    for (; n > 0; n -= V::width, x += V::width, y += V::width)
        store_some(y, op.at(load_some(x, n)), n);
}

// With a function of the C library, for the rare ones.
template <class Op> void each_number(const Op &op, const float *x, float *y, int64_t n) {
    for (int64_t i = 0; i < n; ++i) y[i] = op.at(x[i]);
}

struct ClipOp {
    F low, high;
    F at(F x) const { return V::min(high, V::max(low, x)); }
};
struct ReluOp {
    F at(F x) const { return V::max(V::zero(), x); }
};
struct LeakyReluOp {
    F slope;
    F at(F x) const { return V::select(V::less(x, V::zero()), V::mul(slope, x), x); }
};
struct EluOp {
    F alpha, gamma;
    F at(F x) const {
        F below = V::mul(alpha, V::sub(exp_of(x), V::set(1.0f)));
        return V::mul(gamma, V::select(V::less(x, V::zero()), below, x));
    }
};
struct SigmoidOp {
    F at(F x) const { return sigmoid_of(x); }
};
struct HardSigmoidOp {
    F alpha, beta;
    F at(F x) const {
        return V::min(V::set(1.0f), V::max(V::zero(), V::fma(alpha, x, beta)));
    }
};
struct HardSwishOp {
    F at(F x) const {
        F gate = V::fma(x, V::set(1.0f / 6.0f), V::set(0.5f));
        return V::mul(x, V::min(V::set(1.0f), V::max(V::zero(), gate)));
    }
};
struct SwishOp {
    F slope;
    F at(F x) const { return V::mul(x, sigmoid_of(V::mul(slope, x))); }
};
struct TanhOp {
    F at(F x) const { return tanh_of(x); }
};
struct GeluOp {
    F at(F x) const {
        F erf = erf_of(V::mul(x, V::set(0.70710678118654752f)));
        return V::mul(V::mul(V::set(0.5f), x), V::add(V::set(1.0f), erf));
    }
};
struct GeluTanhOp {
    F at(F x) const {
        F cubic = V::mul(V::mul(V::mul(x, x), x), V::set(0.044715f));
        F tanh = tanh_of(V::mul(V::set(0.79788456080286536f), V::add(x, cubic)));
        return V::mul(V::mul(V::set(0.5f), x), V::add(V::set(1.0f), tanh));
    }
};
struct ErfOp {
    F at(F x) const { return erf_of(x); }
};
struct SoftplusOp {
    F at(F x) const {
        return V::add(V::max(V::zero(), x), log_of_one_plus(exp_of(V::neg(V::abs(x)))));
    }
};
// x * tanh(log(1 + e^x)), with e^x as e: x * (e^2 + 2e) / (e^2 + 2e + 2).
struct MishOp {
    F at(F x) const {
        F e = exp_of(V::min(V::set(20.0f), x)), two = V::set(2.0f);
        F t = V::mul(e, V::add(e, two));
        return V::mul(x, V::div(t, V::add(t, two)));
    }
};
struct ExpOp {
    F at(F x) const { return exp_of(x); }
};
struct SqrtOp {
    F at(F x) const { return V::sqrt(x); }
};
struct AbsOp {
    F at(F x) const { return V::abs(x); }
};
struct NegOp {
    F at(F x) const { return V::neg(x); }
};
struct ReciprocalOp {
    F at(F x) const { return V::div(V::set(1.0f), x); }
};
struct FloorOp {
    F at(F x) const { return V::floor(x); }
};
struct CeilOp {
    F at(F x) const { return V::neg(V::floor(V::neg(x))); }
};
struct LogOp {
    float at(float x) const { return std::log(x); }
};
struct SinOp {
    float at(float x) const { return std::sin(x); }
};
struct CosOp {
    float at(float x) const { return std::cos(x); }
};

// y[i] = function(x[i]); y may be x.
void activate(const Activation &p, const float *x, float *y, int64_t n) {
    switch (p.function) {
    case Function::kIdentity:
        if (x != y && n > 0) std::memmove(y, x, static_cast<size_t>(n) * sizeof(float));
        return;
    case Function::kRelu: return each_lane(ReluOp{}, x, y, n);
    case Function::kClip: return each_lane(ClipOp{V::set(p.a), V::set(p.b)}, x, y, n);
    case Function::kLeakyRelu: return each_lane(LeakyReluOp{V::set(p.a)}, x, y, n);
    case Function::kElu: return each_lane(EluOp{V::set(p.a), V::set(1.0f)}, x, y, n);
    case Function::kSelu: return each_lane(EluOp{V::set(p.a), V::set(p.b)}, x, y, n);
    case Function::kSigmoid: return each_lane(SigmoidOp{}, x, y, n);
    case Function::kHardSigmoid: return each_lane(HardSigmoidOp{V::set(p.a), V::set(p.b)}, x, y, n);
    case Function::kHardSwish: return each_lane(HardSwishOp{}, x, y, n);
    case Function::kSwish: return each_lane(SwishOp{V::set(p.a)}, x, y, n);
    case Function::kTanh: return each_lane(TanhOp{}, x, y, n);
    case Function::kGelu: return each_lane(GeluOp{}, x, y, n);
    case Function::kGeluTanh: return each_lane(GeluTanhOp{}, x, y, n);
    case Function::kErf: return each_lane(ErfOp{}, x, y, n);
    case Function::kSoftplus: return each_lane(SoftplusOp{}, x, y, n);
    case Function::kMish: return each_lane(MishOp{}, x, y, n);
    case Function::kExp: return each_lane(ExpOp{}, x, y, n);
    case Function::kLog: return each_number(LogOp{}, x, y, n);
    case Function::kSqrt: return each_lane(SqrtOp{}, x, y, n);
    case Function::kAbs: return each_lane(AbsOp{}, x, y, n);
    case Function::kNeg: return each_lane(NegOp{}, x, y, n);
    case Function::kReciprocal: return each_lane(ReciprocalOp{}, x, y, n);
    case Function::kFloor: return each_lane(FloorOp{}, x, y, n);
    case Function::kCeil: return each_lane(CeilOp{}, x, y, n);
    case Function::kSin: return each_number(SinOp{}, x, y, n);
    case Function::kCos: return each_number(CosOp{}, x, y, n);
    }
}

// What most activations are: bounds. low and high are infinite where there is none.
struct Bounds {
    bool are_all; // nothing but the bounds is to be applied
    float low, high;
};
Bounds bounds_of(const Activation &activation) {
    switch (activation.function) {
    case Function::kIdentity: return {true, -INFINITY, INFINITY};
    case Function::kRelu: return {true, 0, INFINITY};
    case Function::kClip: return {true, activation.a, activation.b};
    default: return {false, -INFINITY, INFINITY};
    }
}
