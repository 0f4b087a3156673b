// SPDX-License-Identifier: MIT
#include "predictor/session.h"

#include <algorithm>
#include <cmath>

#include "base/cut.h"
#include "optimize/optimize.h"
#include "plan/arena.h"
#include "plan/plan.h"
#include "predictor/conv_choices.h"
#include "predictor/planned.h"
#include "predictor/tune.h"

namespace linnet {

// Holds the session for one call.
class Session::Turn {
public:
    explicit Turn(std::atomic<bool> *busy) : busy_(busy), mine_(!busy->exchange(true)) {}
    ~Turn() {
        if (mine_) busy_->store(false);
    }
    Turn(const Turn &) = delete;
    Turn &operator=(const Turn &) = delete;
    Status check() const {
        if (mine_) return Status();
        return error(Code::kWrongState, "another thread is using this session; give every thread a "
                                        "session of its own");
    }

private:
    std::atomic<bool> *busy_;
    bool mine_;
};

#define LINNET_TAKE_TURN                                                                           \
    Turn turn(&busy_);                                                                             \
    LINNET_TRY(turn.check())

Result<Owned<Session>> Session::create(Ref<Model> model, const SessionOptions &options) {
    Owned<Session> session = make_owned<Session>();
    if (!session) return out_of_memory();
    session->model_ = std::move(model);
    session->options_ = options;
    if (!is_available(options.isa))
        return error(Code::kUnsupported, "the instruction sets of this build are not on this "
                     "machine: \"%s\" %s%s", name_of(options.isa), kNotHere, kCutHint);
    if (options.threads > 1) {
        LINNET_ASSIGN(session->pool_, ThreadPool::create(options.threads));
    }
    size_t inputs = session->model().graph().inputs.size();
    for (size_t i = 0; i < inputs; ++i)
        LINNET_TRY(session->shapes_.push(session->model().default_shape(i)));
    LINNET_TRY(session->input_set_.fill(inputs, false));
    LINNET_TRY(session->make_ready(true, session->shapes_.span()));
    return session;
}

// With `may_wait`, shapes that do not go together leave the session waiting for others.
Status Session::make_ready(bool may_wait, Span<const Shape> shapes) {
    Result<Owned<Execution>> ready = prepare(shapes, watched_.span());
    if (ready.ok()) {
        replace_execution(std::move(ready.value()));
        return Status();
    }
    Status status = ready.take_status();
    if (!may_wait || !model_->may_wait_for_shapes(status)) return status;
    LINNET_TRY(not_ready_.assign(status.message()));
    replace_execution(Owned<Execution>());
    return Status();
}

void Session::replace_execution(Owned<Execution> execution) {
    execution_ = std::move(execution);
    for (bool &set : input_set_) set = false;
    item_set_.clear();
    next_step_ = 0;
    has_run_ = false;
}

static Status add_watched(Graph *graph, string_view tensor) {
    for (size_t v = 0; v < graph->values.size(); ++v) {
        if (tensor.empty() || graph->values[v].name.view() != tensor) continue;
        Port port;
        LINNET_TRY(port.name.assign(tensor));
        port.value = static_cast<ValueId>(v);
        port.dtype = graph->values[v].dtype;
        port.shape = Shape::unknown();
        return graph->outputs.push(std::move(port));
    }
    return error(Code::kNotFound, "the model has no tensor named '%.*s'",
                 static_cast<int>(std::min<size_t>(tensor.size(), 200)), tensor.data());
}

// Tensors of a branch are there only while it is taken.
static Status check_watched(const Graph &graph, size_t first_watched) {
    LINNET_ASSIGN(GraphUses uses, GraphUses::of(graph));
    for (size_t i = first_watched; i < graph.outputs.size(); ++i) {
        ValueId value = graph.outputs[i].value;
        bool is_there = graph.constant(value) || uses.producer(value) >= 0;
        for (const Port &input : graph.inputs) is_there = is_there || input.value == value;
        if (!is_there)
            return error(Code::kNotFound, "the tensor '%s' lies in a branch of an If that is not "
                         "taken", graph.outputs[i].name.c_str());
    }
    return Status();
}

Result<Owned<Execution>> Session::prepare(Span<const Shape> shapes,
                                          Span<const Text> watched) const {
    return kIsPlanned ? prepare_planned(shapes, watched) : prepare_graph(shapes, watched);
}

Result<Owned<Execution>> Session::prepare_planned(Span<const Shape> shapes,
                                                  Span<const Text> watched) const {
    if (!watched.empty())
        return error(Code::kUnsupported, "watching tensors %s%s", kNotHere, kCutHint);
    for (size_t i = 0; i < shapes.size(); ++i)
        if (shapes[i] != model_->default_shape(i))
            return error(Code::kUnsupported, "input '%s' with the shape %s %s, only %s%s",
                         model_->graph().inputs[i].name.c_str(), ShapeText(shapes[i]).c_str(),
                         kNotHere, ShapeText(model_->default_shape(i)).c_str(), kCutHint);
    LINNET_ASSIGN(Program program, read_planned_program(model_->prepared(),
                                                        model_->planned_weights()));
    program.threads = options_.threads;
    LINNET_TRY(place_buffers(&program));
    return run_program(std::move(program));
}

// Watched tensors start from the graph as loaded: optimising may have taken them away.
Result<Owned<Execution>> Session::prepare_graph(Span<const Shape> shapes,
                                                Span<const Text> watched) const {
    Graph made;
    LINNET_ASSIGN(const Graph *graph, shaped_graph(shapes, watched, &made));
    return plan(*graph);
}

Result<const Graph *> Session::shaped_graph(Span<const Shape> shapes, Span<const Text> watched,
                                            Graph *made) const {
    if (const Graph *known = watched.empty() ? model_->graph_for(shapes) : nullptr) return known;
    Graph &graph = *made;
    LINNET_TRY((watched.empty() ? model_->optimized() : model_->graph()).copy_to(&graph));
    for (const Text &tensor : watched) LINNET_TRY(add_watched(&graph, tensor));
    if (!watched.empty()) LINNET_TRY(optimize(&graph));
    LINNET_TRY(set_input_shapes(&graph, shapes));
    LINNET_TRY(optimize(&graph));
    LINNET_TRY(check_watched(graph, model_->graph().outputs.size()));
    LINNET_TRY(model_->check_tensor_elements(graph));
    return made;
}

Result<Owned<Execution>> Session::plan(const Graph &graph) const {
    LINNET_TRY(model_->check_output_types(graph));
    LINNET_ASSIGN(Program program, plan_program(graph, model_->cache(), model_->conv_choices(),
                                                 options_.threads));
    return run_program(std::move(program));
}

Result<Owned<Execution>> Session::run_program(Program program) const {
    LINNET_TRY(model_->check_buffers(program));
    return Execution::create(std::move(program), options_.isa, pool_.get(), options_.arena);
}

Status Session::require_ready() const {
    if (execution_) return Status();
    return error(Code::kWrongState, "set the shapes of the inputs first; with their free axes as "
                 "they are now: %s", not_ready_.c_str());
}

size_t Session::output_count() const { return model_->graph().outputs.size() + watched_.size(); }

Status Session::set_shape(size_t input, const Shape &shape) {
    LINNET_TAKE_TURN;
    LINNET_TRY(check_input(input));
    const Port &port = model_->graph().inputs[input];
    bool agrees = shape.rank() == port.shape.rank();
    for (int axis = 0; agrees && axis < shape.rank(); ++axis)
        agrees = shape[axis] >= 0 && (port.shape[axis] < 0 || port.shape[axis] == shape[axis]);
    if (!agrees)
        return error(Code::kInvalidArgument, "input '%s' has the shape %s, which %s does not fit",
                     port.name.c_str(), ShapeText(port.shape).c_str(), ShapeText(shape).c_str());
    if (!fits(shape, INT32_MAX))
        return error(Code::kInvalidArgument, "the shape %s of input '%s' is too large",
                     ShapeText(shape).c_str(), port.name.c_str());
    Array<Shape> shapes;
    LINNET_TRY(shapes.assign(shapes_.span()));
    shapes[input] = shape;
    // With several inputs the next one's shape may be what is still missing.
    LINNET_TRY(make_ready(shapes_.size() > 1, shapes.span()));
    shapes_ = std::move(shapes);
    return Status();
}

Status Session::watch(string_view tensor, size_t *output) {
    LINNET_TAKE_TURN;
    Array<Text> watched;
    for (const Text &before : watched_) {
        LINNET_ASSIGN(Text copy, Text::of(before));
        LINNET_TRY(watched.push(std::move(copy)));
    }
    LINNET_ASSIGN(Text added, Text::of(tensor));
    LINNET_TRY(watched.push(std::move(added)));
    LINNET_ASSIGN(Owned<Execution> ready, prepare(shapes_.span(), watched.span()));
    replace_execution(std::move(ready));
    watched_ = std::move(watched);
    *output = output_count() - 1;
    return Status();
}

Status Session::check_input(size_t input) const {
    if (input < shapes_.size()) return Status();
    return error(Code::kInvalidArgument, "there is no input %zu; the model has %zu", input,
                 shapes_.size());
}

Status Session::check_output(size_t output) const {
    if (output < output_count()) return Status();
    return error(Code::kInvalidArgument, "there is no output %zu; the session has %zu", output,
                 output_count());
}

Result<Shape> Session::input_shape(size_t input) const {
    LINNET_TAKE_TURN;
    LINNET_TRY(check_input(input));
    return shapes_[input];
}

Result<Shape> Session::output_shape(size_t output) const {
    LINNET_TAKE_TURN;
    LINNET_TRY(check_output(output));
    LINNET_TRY(require_ready());
    return execution_->program().outputs[output].view.shape;
}

Result<DType> Session::output_dtype(size_t output) const {
    LINNET_TAKE_TURN;
    LINNET_TRY(check_output(output));
    LINNET_TRY(require_ready());
    return execution_->program().outputs[output].dtype;
}

// A port takes its own type, and float32 for any floating type.
static bool takes(const ProgramPort &port, DType dtype) {
    return dtype == port.dtype || (dtype == DType::kFloat32 && is_float(port.dtype));
}

// Outputs of the last run stay readable, except where one is the input itself, handed through.
void Session::input_changed(size_t input) {
    next_step_ = 0;
    const View &view = execution_->program().inputs[input].view;
    for (const ProgramPort &output : execution_->program().outputs)
        if (output.view.space == view.space && output.view.block == view.block) has_run_ = false;
}

Status Session::set_input(size_t input, DType dtype, const void *data, size_t count) {
    LINNET_TAKE_TURN;
    LINNET_TRY(check_input(input));
    LINNET_TRY(require_ready());
    const ProgramPort &port = execution_->program().inputs[input];
    const char *name = model_->graph().inputs[input].name.c_str();
    if (!takes(port, dtype))
        return error(Code::kInvalidArgument, "input '%s' has the type %s, got %s", name,
                     name_of(port.dtype), name_of(dtype));
    size_t expected = static_cast<size_t>(port.view.shape.elements());
    if (count != expected)
        return error(Code::kInvalidArgument, "input '%s' has the shape %s, which is %zu elements; "
                     "got %zu", name, ShapeText(port.view.shape).c_str(), expected, count);
    if (count) execution_->write_input(input, dtype, data);
    input_set_[input] = true;
    if (static_cast<int>(input) == model_->picture_input()) item_set_.clear();
    input_changed(input);
    return Status();
}

Status Session::set_pixels(int64_t item, const Picture &picture) {
    LINNET_TAKE_TURN;
    return write_pixels(item, picture);
}

Status Session::write_pixels(int64_t item, const Picture &picture) {
    if (model_->picture_input() < 0)
        return error(Code::kInvalidArgument, "the model has no single input that takes pictures; "
                     "name it by the metadata linnet.input (see capi/METADATA.md)");
    LINNET_TRY(model_->preprocessing().check_complete());
    if (model_->picture_layout() == PictureLayout::kUnstated)
        return error(Code::kNotFound, "the model does not tell how its pictures lie; state the "
                     "metadata linnet.layout (see capi/METADATA.md)");
    LINNET_TRY(require_ready());
    size_t input = static_cast<size_t>(model_->picture_input());
    const View &view = execution_->program().inputs[input].view;
    const char *name = model_->graph().inputs[input].name.c_str();
    if (view.shape.rank() != 4 || view.dtype != DType::kFloat32)
        return error(Code::kUnsupported, "input '%s' takes no pictures: it has the type %s and the "
                     "shape %s", name, name_of(view.dtype), ShapeText(view.shape).c_str());
    if (item < 0 || item >= view.shape[0])
        return error(Code::kInvalidArgument, "there is no item %lld in the batch; input '%s' has "
                     "the shape %s", static_cast<long long>(item), name,
                     ShapeText(view.shape).c_str());
    bool nhwc = model_->picture_layout() == PictureLayout::kNhwc;
    int channel = nhwc ? 3 : 1, row = nhwc ? 1 : 2, column = nhwc ? 2 : 3;
    if (view.shape[channel] != model_->preprocessing().channels())
        return error(Code::kMalformed, "input '%s' has %lld channels, but the metadata "
                     "linnet.color stands for %d", name,
                     static_cast<long long>(view.shape[channel]),
                     model_->preprocessing().channels());
    PictureTarget target;
    LINNET_ASSIGN(target.extent,
                  model_->preprocessing().extent(view.shape[row], view.shape[column]));
    target.data = reinterpret_cast<float *>(execution_->address(view)) + item * view.stride[0];
    target.channel_stride = view.stride[channel];
    target.row_stride = view.stride[row];
    target.pixel_stride = view.stride[column];
    size_t items = static_cast<size_t>(view.shape[0]);
    if (item_set_.size() != items) LINNET_TRY(item_set_.fill(items, input_set_[input]));
    LINNET_TRY(write_picture(model_->preprocessing(), picture, target, options_.isa));
    item_set_[static_cast<size_t>(item)] = true;
    input_set_[input] = std::find(item_set_.begin(), item_set_.end(), false) == item_set_.end();
    input_changed(input);
    return Status();
}

Status Session::check_inputs_set() const {
    for (size_t i = 0; i < input_set_.size(); ++i) {
        if (input_set_[i]) continue;
        const char *name = model_->graph().inputs[i].name.c_str();
        bool partly = static_cast<int>(i) == model_->picture_input() && !item_set_.empty();
        return error(Code::kWrongState, partly ? "some items of input '%s' have not been set"
                                               : "input '%s' has not been set", name);
    }
    return Status();
}

Status Session::run_next_step() {
    if (next_step_ == 0) {
        LINNET_TRY(check_inputs_set());
        has_run_ = false;
    }
    if (cancelled_.exchange(false, std::memory_order_relaxed)) {
        next_step_ = 0;
        return error(Code::kCancelled, "the run was cancelled");
    }
    size_t steps = execution_->program().steps.size();
    if (next_step_ < steps) execution_->run_step(next_step_);
    if (++next_step_ < steps) return Status();
    next_step_ = 0;
    has_run_ = true;
    return Status();
}

Status Session::run() {
    LINNET_TAKE_TURN;
    return run_steps();
}

Status Session::run_steps() {
    LINNET_TRY(require_ready());
    next_step_ = 0;
    do {
        LINNET_TRY(run_next_step());
    } while (next_step_ != 0);
    return Status();
}

Status Session::step(size_t *done) {
    LINNET_TAKE_TURN;
    LINNET_TRY(require_ready());
    LINNET_TRY(run_next_step());
    *done = next_step_ == 0 ? execution_->program().steps.size() : next_step_;
    return Status();
}

Status Session::read_output(size_t output, DType dtype, void *data, size_t count) const {
    LINNET_TAKE_TURN;
    LINNET_TRY(check_output(output));
    LINNET_TRY(require_ready());
    if (!has_run_) return error(Code::kWrongState, "the session has not run on its inputs yet");
    const ProgramPort &port = execution_->program().outputs[output];
    if (!takes(port, dtype))
        return error(Code::kInvalidArgument, "output %zu has the type %s, asked for %s", output,
                     name_of(port.dtype), name_of(dtype));
    size_t expected = static_cast<size_t>(port.view.shape.elements());
    if (count != expected)
        return error(Code::kInvalidArgument, "output %zu has the shape %s, which is %zu elements; "
                     "asked for %zu", output, ShapeText(port.view.shape).c_str(), expected, count);
    if (count) execution_->read_output(output, dtype, data);
    return Status();
}

// Probabilities of logits, in double and in one order, whatever the instruction set.
static void apply_softmax(Array<float> *scores) {
    float greatest = *std::max_element(scores->begin(), scores->end());
    double sum = 0;
    for (float score : *scores) sum += std::exp(static_cast<double>(score) - greatest);
    for (float &score : *scores)
        score = static_cast<float>(std::exp(static_cast<double>(score) - greatest) / sum);
}

Status Session::read_scores(int64_t item, Array<float> *scores) const {
    if (!has_run_) return error(Code::kWrongState, "the session has not run on its inputs yet");
    const View &view = execution_->program().outputs[0].view;
    int64_t items = view.shape.rank() > 1 ? view.shape[0] : 1;
    if (view.dtype != DType::kFloat32)
        return error(Code::kUnsupported, "the first output has the type %s; classes need float32 "
                     "scores", name_of(view.dtype));
    if (item < 0 || item >= items)
        return error(Code::kInvalidArgument, "there is no item %lld in the batch; the first output "
                     "has the shape %s", static_cast<long long>(item),
                     ShapeText(view.shape).c_str());
    Array<float> all;
    LINNET_TRY(all.resize(static_cast<size_t>(view.shape.elements())));
    execution_->read_output(0, DType::kFloat32, all.data());
    size_t classes = all.size() / static_cast<size_t>(items);
    LINNET_TRY(scores->assign(all.span().part(static_cast<size_t>(item) * classes, classes)));
    if (scores->empty()) return Status();
    if (model_->scores() == Scores::kLogits) apply_softmax(scores);
    if (model_->scores() == Scores::kLogProbabilities)
        for (float &score : *scores) score = std::exp(score);
    return Status();
}

Result<size_t> Session::top(int64_t item, Span<int32_t> indices, Span<float> probabilities) const {
    LINNET_TAKE_TURN;
    return best_classes(item, indices, probabilities);
}

Result<size_t> Session::best_classes(int64_t item, Span<int32_t> indices,
                                     Span<float> probabilities) const {
    LINNET_TRY(require_ready());
    LINNET_TRY(check_output(0));
    Array<float> scores;
    LINNET_TRY(read_scores(item, &scores));
    Array<int32_t> order;
    LINNET_TRY(order.resize(scores.size()));
    for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int32_t>(i);
    size_t found = std::min(indices.size(), order.size());
    // NaN sorts last.
    auto better = [&](int32_t a, int32_t b) {
        float x = scores[static_cast<size_t>(a)], y = scores[static_cast<size_t>(b)];
        if (x != y && (x == x || y == y)) return y != y || x > y;
        return a < b;
    };
    std::partial_sort(order.begin(), order.begin() + found, order.end(), better);
    for (size_t i = 0; i < found; ++i) {
        indices[i] = order[i];
        probabilities[i] = scores[static_cast<size_t>(order[i])];
    }
    return found;
}

Result<size_t> Session::classify(const Picture &picture, Span<int32_t> indices,
                                 Span<float> probabilities) {
    LINNET_TAKE_TURN;
    LINNET_TRY(write_pixels(0, picture));
    LINNET_TRY(run_steps());
    return best_classes(0, indices, probabilities);
}

Status Session::tune(const char **convolutions) {
    LINNET_TAKE_TURN;
    LINNET_TRY(require_ready());
    Graph made;
    LINNET_ASSIGN(const Graph *graph, shaped_graph(shapes_.span(), {}, &made));
    LINNET_ASSIGN(Array<ConvChoice> choices,
                  linnet::tune(*graph, {options_.isa, pool_.get(), &cancelled_}));
    LINNET_ASSIGN(tuned_, write_conv_choices(choices.span()));
    *convolutions = tuned_.c_str();
    return Status();
}

Result<int64_t> Session::arena_bytes() const {
    LINNET_TAKE_TURN;
    LINNET_TRY(require_ready());
    return execution_->arena_bytes();
}

Result<size_t> Session::step_count() const {
    LINNET_TAKE_TURN;
    LINNET_TRY(require_ready());
    return execution_->program().steps.size();
}

Status Session::step_info(size_t step, const char **tensor, const char **kernel,
                          double *milliseconds) const {
    LINNET_TAKE_TURN;
    LINNET_TRY(require_ready());
    const Program &program = execution_->program();
    if (step >= program.steps.size())
        return error(Code::kInvalidArgument, "there is no step %zu; the session has %zu", step,
                     program.steps.size());
    *tensor = program.value_names[program.steps[step].value].c_str();
    *kernel = execution_->kernel_name(step);
    *milliseconds = execution_->milliseconds(step);
    return Status();
}

#undef LINNET_TAKE_TURN

} // namespace linnet
