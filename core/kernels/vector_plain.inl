// Four floats, in what every compiler has. GCC and clang know arrays of lanes as a type, and make
// the best of it on every processor.
#if defined(__GNUC__)
typedef float FloatLanes __attribute__((vector_size(16)));
typedef uint32_t IntLanes __attribute__((vector_size(16)));
#else
template <class T> struct Lanes {
    T lane[4];
    T &operator[](int i) { return lane[i]; }
    const T &operator[](int i) const { return lane[i]; }
};
template <class T> Lanes<T> operator+(const Lanes<T> &a, const Lanes<T> &b) {
    return {{a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3]}};
}
template <class T> Lanes<T> operator-(const Lanes<T> &a, const Lanes<T> &b) {
    return {{a[0] - b[0], a[1] - b[1], a[2] - b[2], a[3] - b[3]}};
}
template <class T> Lanes<T> operator*(const Lanes<T> &a, const Lanes<T> &b) {
    return {{a[0] * b[0], a[1] * b[1], a[2] * b[2], a[3] * b[3]}};
}
template <class T> Lanes<T> operator/(const Lanes<T> &a, const Lanes<T> &b) {
    return {{a[0] / b[0], a[1] / b[1], a[2] / b[2], a[3] / b[3]}};
}
template <class T> Lanes<T> operator&(const Lanes<T> &a, const Lanes<T> &b) {
    return {{a[0] & b[0], a[1] & b[1], a[2] & b[2], a[3] & b[3]}};
}
template <class T> Lanes<T> operator|(const Lanes<T> &a, const Lanes<T> &b) {
    return {{a[0] | b[0], a[1] | b[1], a[2] | b[2], a[3] | b[3]}};
}
template <class T> Lanes<T> operator~(const Lanes<T> &a) {
    return {{~a[0], ~a[1], ~a[2], ~a[3]}};
}
inline Lanes<int32_t> operator<(const Lanes<float> &a, const Lanes<float> &b) {
    return {{-(a[0] < b[0]), -(a[1] < b[1]), -(a[2] < b[2]), -(a[3] < b[3])}};
}
inline Lanes<int32_t> operator<=(const Lanes<float> &a, const Lanes<float> &b) {
    return {{-(a[0] <= b[0]), -(a[1] <= b[1]), -(a[2] <= b[2]), -(a[3] <= b[3])}};
}
inline Lanes<int32_t> operator==(const Lanes<float> &a, const Lanes<float> &b) {
    return {{-(a[0] == b[0]), -(a[1] == b[1]), -(a[2] == b[2]), -(a[3] == b[3])}};
}
using FloatLanes = Lanes<float>;
using IntLanes = Lanes<uint32_t>;
#endif
// What takes many instructions is called, not pasted.
#if defined(__GNUC__)
#define LINNET_APART __attribute__((noinline))
#else
#define LINNET_APART __declspec(noinline)
#endif

struct V {
    using F = FloatLanes;
    using I = IntLanes; // unsigned, since these may overflow
    using M = IntLanes; // all bits of a lane set or none
    static constexpr int width = 4;
    static constexpr int half_width = width;
    static constexpr bool has_lanes = false; // whether there is fma_lane()
    static constexpr bool has_masks = false; // whether part of a vector costs no more than all
#if defined(LINNET_SMALL)
    static constexpr int tile_rows = 2, tile_vectors = 1;
#else
    static constexpr int tile_rows = 4, tile_vectors = 2;
#endif
    static constexpr bool by_blas = kHasBlas; // the products that it makes faster

    template <class Lanes> static I bits(Lanes a) {
        I b;
        std::memcpy(&b, &a, sizeof b);
        return b;
    }
    static F from_bits(I a) {
        F b;
        std::memcpy(&b, &a, sizeof b);
        return b;
    }
    static I each(uint32_t a) { return I{a, a, a, a}; }
    LINNET_APART static M first(int64_t n) { // n <= width
        const uint32_t yes = ~0u, no = 0;
        return I{n > 0 ? yes : no, n > 1 ? yes : no, n > 2 ? yes : no, n > 3 ? yes : no};
    }

    static F load(const float *p) {
        F a;
        std::memcpy(&a, p, sizeof a);
        return a;
    }
    static void store(float *p, F a) { std::memcpy(p, &a, sizeof a); }
    LINNET_APART static F load_partial(const float *p, int64_t n) {
        F a = zero();
        for (int i = 0; i < n; ++i) a[i] = p[i];
        return a;
    }
    LINNET_APART static void store_partial(float *p, F a, int64_t n) {
        for (int i = 0; i < n; ++i) p[i] = a[i];
    }
    static F in_register(F a) { return a; }
    static F splat(const float *p) { return set(*p); }
    static F set(float a) { return F{a, a, a, a}; }
    static F zero() { return set(0); }
    static void prefetch(const void *) {}
    static void prefetch_to_write(void *) {}

    static F add(F a, F b) { return a + b; }
    static F sub(F a, F b) { return a - b; }
    static F mul(F a, F b) { return a * b; }
    static F div(F a, F b) { return a / b; }
    static F fma(F a, F b, F c) { return a * b + c; } // two roundings
    // b where either is a NaN.
    static F max(F a, F b) { return select(less(b, a), a, b); }
    static F min(F a, F b) { return select(less(a, b), a, b); }
    LINNET_APART static F sqrt(F a) {
        return F{std::sqrt(a[0]), std::sqrt(a[1]), std::sqrt(a[2]), std::sqrt(a[3])};
    }
    LINNET_APART static F floor(F a) {
        return F{std::floor(a[0]), std::floor(a[1]), std::floor(a[2]), std::floor(a[3])};
    }
    static F abs(F a) { return from_bits(bits(a) & each(0x7FFFFFFFu)); }
    static F neg(F a) { return from_bits(bits(a) + each(0x80000000u)); }
    static F copy_sign(F a, F sign) {
        return from_bits(bits(a) | (bits(sign) & each(0x80000000u)));
    } // a >= 0

    static M less(F a, F b) { return bits(a < b); }
    static M equal(F a, F b) { return bits(a == b); }
    static M less_equal(F a, F b) { return bits(a <= b); }
    static F select(M m, F a, F b) { // m ? a : b
        return from_bits((m & bits(a)) | (~m & bits(b)));
    }

    // Adding 1.5 * 2^23 leaves the integer in the low bits.
    static I nearest(F a) { // |a| < 2^22
        return bits(a + set(12582912.0f)) - each(0x4B400000u);
    }
    static F to_float(I a) { return from_bits(a + each(0x4B400000u)) - set(12582912.0f); }
    static F power_of_two(I a) { // -126 <= a <= 127
        return from_bits((a + each(127u)) * each(1u << 23));
    }
    static F scale(F a, I n) { // a * 2^n, in two steps, since 2^n itself need not be a number
        I sign = n & each(0x80000000u), half = I{n[0] >> 1, n[1] >> 1, n[2] >> 1, n[3] >> 1} | sign;
        return mul(mul(a, power_of_two(half)), power_of_two(n - half));
    }

    // Of all lanes; `greatest` may miss a NaN.
    static float sum(F a) { return (a[0] + a[2]) + (a[1] + a[3]); }
    static float greatest(F a) {
        const F two = max(a, F{a[2], a[3], a[0], a[1]});
        return two[0] > two[1] ? two[0] : two[1];
    }

    // Four floats from each place become the columns of four rows.
    static void transpose(const float *a, const float *b, const float *c, const float *d, float *to,
                          int64_t row) {
        for (int i = 0; i < 4; ++i) store(to + i * row, F{a[i], b[i], c[i], d[i]});
    }

    // The lanes of two vectors, one of each in turn.
    static void zip(F a, F b, float *to) {
        for (int i = 0; i < width; ++i) {
            to[2 * i] = a[i];
            to[2 * i + 1] = b[i];
        }
    }

    // There is no vector of bytes. Sixteen sums of bytes times weights:
    static constexpr bool zips_bytes = false;
    struct Sums {
        int32_t lane[16];
    };
    static Sums sums_of(int32_t a) {
        Sums s;
        for (int32_t &lane : s.lane) lane = a;
        return s;
    }
    static void add_product(Sums *s, const uint8_t *p, int32_t weight) {
        for (int i = 0; i < 16; ++i) s->lane[i] += p[i] * weight;
    }
    // Without their last kBits bits, at most 255.
    template <int kBits> static void store_sums(uint8_t *p, const Sums &s) {
        for (int i = 0; i < 16; ++i) {
            int32_t sample = s.lane[i] >> kBits;
            p[i] = static_cast<uint8_t>(sample > 255 ? 255 : sample);
        }
    }
};

#undef LINNET_APART
