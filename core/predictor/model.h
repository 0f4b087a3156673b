// A model as its users see it: graph, metadata, labels, preprocessing, digest.
// SPDX-License-Identifier: MIT
#pragma once

#include "base/mutex.h"
#include "base/sha256.h"
#include "image/preprocessing.h"
#include "kernels/conv_method.h"
#include "load/load_options.h"
#include "model/graph.h"
#include "ops/weight_cache.h"
#include "program/program.h"

namespace linnet {

struct ModelOptions {
    LoadOptions load; // folder and borrow are set by how the model is opened
    Array<MetadataEntry> metadata; // in place of the file's entries of the same keys
};

// What the first output holds.
enum class Scores : uint8_t { kLogits, kProbabilities, kLogProbabilities, kRaw };

// Immutable once open (its cache of packed weights guards itself): any number of threads and
// sessions may use it at once.
class Model : public RefCounted {
public:
    static Result<Ref<Model>> open_file(string_view path, const ModelOptions &options);
    // Keeps no reference to the bytes. Of a prepared model it keeps a copy.
    static Result<Ref<Model>> open_memory(Bytes file, const ModelOptions &options);
    // Weights stay where they are: the bytes must outlive the model.
    static Result<Ref<Model>> open_borrowed(Bytes file, const ModelOptions &options);

    // What the file holds; its graph in the one dialect.
    const LoadedModel &loaded() const { return loaded_; }
    // As the file has it, in the one dialect; and ready for shapes to be set.
    const Graph &graph() const { return loaded_.graph; }
    const Graph &optimized() const { return optimized_; }
    // The same with the shapes of its inputs set, if these are the default ones and the model runs
    // with them; else nullptr.
    const Graph *graph_for(Span<const Shape> shapes) const;
    WeightCache *cache() const { return &cache_; }

    const char *metadata(string_view key) const; // nullptr: no such key
    Span<const Text> labels() const { return labels_.span(); }
    Span<const ConvChoice> conv_choices() const { return conv_choices_.span(); }
    Span<const OperatorCount> operators() const { return loaded_.operators.span(); }
    // Computed when it is first asked for, where the file is still at hand.
    // kIo if the file has changed meanwhile.
    Result<const char *> digest() const;
    // The bytes of a prepared or planned model, which are used in place; none of other formats.
    Bytes prepared() const { return prepared_; }
    Span<const Ref<Tensor>> planned_weights() const { return planned_weights_.span(); }
    // Reads all of a prepared model and compares its checksums. kNotFound: another format.
    Status verify() const;
    int64_t parameters() const { return parameters_; }
    int64_t macs() const { return macs_; }
    Scores scores() const { return scores_; }

    const Preprocessing &preprocessing() const { return preprocessing_; }
    // The input that takes pictures, -1 if none; kUnstated where the layout is not known.
    int picture_input() const { return picture_input_; }
    PictureLayout picture_layout() const { return picture_layout_; }

    // The shape of an input before it is set: free axes are 1, and for pictures as linnet.size.
    Shape default_shape(size_t input) const;
    // Whether a failure with the default shapes may be due to the lengths that stand for free axes:
    // shapes that do not go together where any axis is free, whatever where one is beside the first.
    bool may_wait_for_shapes(const Status &failure) const;
    // Whether every tensor of a graph for this model is within the limit of the options, and every
    // buffer of its program, where steps keep what lies between tensors: kLimit.
    Status check_tensor_elements(const Graph &graph) const;
    Status check_buffers(const Program &program) const;
    // Whether the outputs of a graph for this model have the types that the file states.
    Status check_output_types(const Graph &graph) const;

private:
    Status open(Bytes file, const LoadOptions &load, Span<const MetadataEntry> metadata);
    Status open_graph(Bytes file, const LoadOptions &load, Span<const MetadataEntry> metadata);
    Status open_planned(Bytes file, Span<const MetadataEntry> metadata);
    Status open_copy(Bytes file, const ModelOptions &options);
    Status ready(Span<const MetadataEntry> metadata);
    Status take_metadata(Span<const MetadataEntry> overrides);
    Status check_inputs() const;
    void describe_outputs();
    Status take_conv_choices(string_view text);
    Status split_labels(string_view text);
    Status find_picture_input();
    Status try_default_shapes();
    void count_macs(const Graph &graph);

    Ref<SharedFile> file_; // from which large tensors are read
    FileView view_;        // of a model that is used in place
    Array<unsigned char> copy_; // of such a model that came from memory
    Bytes prepared_;
    Array<Ref<Tensor>> planned_weights_; // see read_planned_model()
    LoadedModel loaded_;
    Graph optimized_;
    Graph default_graph_; // with the default shapes set; without nodes and ports if it does not run
    mutable WeightCache cache_;
    Preprocessing preprocessing_;
    Array<Text> labels_;
    Array<ConvChoice> conv_choices_;
    mutable Mutex digest_mutex_;
    Bytes borrowed_; // the bytes of a model from borrowed memory
    mutable bool has_digest_ = false;
    mutable Sha256Text digest_ = {};
    int64_t parameters_ = 0, macs_ = 0, tensor_elements_ = 0;
    Scores scores_ = Scores::kRaw;
    int picture_input_ = -1;
    PictureLayout picture_layout_ = PictureLayout::kUnstated;
};

} // namespace linnet
