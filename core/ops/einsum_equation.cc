// SPDX-License-Identifier: MIT
#include "ops/einsum_equation.h"

namespace linnet {

int EinsumTerm::find(int wanted) const {
    for (int axis = 0; axis < rank; ++axis)
        if (label[axis] == wanted) return axis;
    return -1;
}

bool EinsumTerm::push(int next) {
    if (rank == kMaxRank) return false;
    label[rank++] = next;
    return true;
}

bool EinsumTerm::is_same(const EinsumTerm &other) const {
    bool same = rank == other.rank;
    for (int axis = 0; same && axis < rank; ++axis) same = label[axis] == other.label[axis];
    return same;
}

static int einsum_letter(char c) {
    if (c >= 'A' && c <= 'Z') return kFirstLetterLabel + (c - 'A');
    if (c >= 'a' && c <= 'z') return kFirstLetterLabel + 26 + (c - 'a');
    return -1;
}

namespace {

constexpr const char *kTooManyEinsumAxes = "a term has more axes than a tensor can have";

// Reads one equation; functions return what is wrong, or nullptr.
class EinsumReader {
public:
    explicit EinsumReader(string_view text) : text_(text) {}

    void skip_spaces() {
        while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    }
    bool take(string_view expected) {
        skip_spaces();
        string_view rest = text_;
        rest.remove_prefix(at_); // which cannot throw, as substr can
        if (rest.substr(0, expected.size()) != expected) return false;
        at_ += expected.size();
        return true;
    }
    bool at_end() {
        skip_spaces();
        return at_ == text_.size();
    }
    // A term for a tensor of that rank, whose ellipsis stands for the axes without a letter.
    const char *read_input(int rank, EinsumTerm *term) {
        LettersAround letters;
        if (const char *wrong = read_letters(&letters)) return wrong;
        int hidden = rank - letters.count;
        if (hidden < 0 || (hidden > 0 && !letters.ellipsis))
            return "a term has another number of axes than its input";
        if (hidden > hidden_) hidden_ = hidden;
        return assemble(letters, hidden, term);
    }
    const char *read_output(EinsumTerm *term) {
        LettersAround letters;
        if (const char *wrong = read_letters(&letters)) return wrong;
        if (!letters.ellipsis && hidden_ > 0)
            return "its result has no ellipsis, although an input has one";
        if (letters.count + hidden_ > kMaxRank) return kTooManyEinsumAxes;
        return assemble(letters, hidden_, term);
    }
    // Without "->": the axes of the ellipsis, then the letters that are there once, in order.
    const char *imply_output(Span<const EinsumTerm> inputs, EinsumTerm *term) const {
        int times[kEinsumLabels] = {};
        for (const EinsumTerm &input : inputs)
            for (int axis = 0; axis < input.rank; ++axis) ++times[input.label[axis]];
        for (int label = 0; label < kEinsumLabels; ++label) {
            bool kept = label < kFirstLetterLabel ? times[label] > 0 : times[label] == 1;
            if (kept && !term->push(label)) return kTooManyEinsumAxes;
        }
        return nullptr;
    }

private:
    struct LettersAround {
        int label[kMaxRank] = {};
        int count = 0, before = 0; // letters; those in front of the ellipsis
        bool ellipsis = false;
    };

    const char *read_letters(LettersAround *letters) {
        while (true) {
            if (take("...")) {
                if (letters->ellipsis) return "a term has two ellipses";
                letters->ellipsis = true;
                letters->before = letters->count;
                continue;
            }
            int label = at_end() ? -1 : einsum_letter(text_[at_]);
            if (label < 0) return nullptr;
            if (letters->count == kMaxRank) return kTooManyEinsumAxes;
            letters->label[letters->count++] = label;
            ++at_;
        }
    }
    static const char *assemble(const LettersAround &letters, int hidden, EinsumTerm *term) {
        int before = letters.ellipsis ? letters.before : letters.count;
        for (int i = 0; i < before; ++i) term->push(letters.label[i]);
        for (int i = hidden; i-- > 0;) term->push(kEllipsisLabel - i);
        for (int i = before; i < letters.count; ++i) term->push(letters.label[i]);
        return nullptr;
    }

    string_view text_;
    size_t at_ = 0;
    int hidden_ = 0; // the most axes that an ellipsis stands for
};

const char *check_einsum_output(const EinsumEquation &equation) {
    const EinsumTerm &output = equation.output;
    for (int axis = 0; axis < output.rank; ++axis) {
        if (output.find(output.label[axis]) != axis) return "its result has a label twice";
        bool found = false;
        for (const EinsumTerm &input : equation.inputs)
            found = found || input.find(output.label[axis]) >= 0;
        if (!found) return "its result has a label that no input has";
    }
    return nullptr;
}

} // namespace

Status EinsumEquation::read(string_view text, Span<const int> ranks, Text *reason) {
    EinsumReader reader(text);
    for (size_t i = 0; i < ranks.size(); ++i) {
        if (i > 0 && !reader.take(",")) return reason->assign("it has more inputs than terms");
        EinsumTerm term;
        if (const char *wrong = reader.read_input(ranks[i], &term)) return reason->assign(wrong);
        LINNET_TRY(inputs.push(term));
    }
    const char *wrong = nullptr;
    if (reader.take("->"))
        wrong = reader.read_output(&output);
    else if (reader.at_end())
        wrong = reader.imply_output(inputs.span(), &output);
    if (!wrong && !reader.at_end()) wrong = "it has more terms than inputs, or a strange character";
    if (!wrong) wrong = check_einsum_output(*this);
    return wrong ? reason->assign(wrong) : Status();
}

} // namespace linnet
