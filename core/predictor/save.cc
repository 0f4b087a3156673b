// SPDX-License-Identifier: MIT
#include "predictor/save.h"

#include "predictor/session.h"
#include "save/linnet_writer.h"

namespace linnet {

// The file itself is opened, as whoever uses it will: so that what is packed is what will be asked
// for, by the names under which it will be asked for.
static Status add_packed_forms(LinnetWriter *writer) {
    ModelOptions trusted;
    trusted.load.file_bytes = SIZE_MAX;
    trusted.load.nodes = SIZE_MAX;
    trusted.load.tensor_elements = INT64_MAX;
    LINNET_TRY(writer->finish());
    LINNET_ASSIGN(Ref<Model> written, Model::open_file(writer->temporary_path(), trusted));
    LINNET_ASSIGN(Owned<Session> session, Session::create(written, SessionOptions()));
    return written->cache()->for_each(
        [&](const Tensor &source, Span<const int64_t> key, const Tensor &packed) {
            uint64_t fingerprint = source.fingerprint();
            return fingerprint ? writer->add_packed(fingerprint, key, packed) : Status();
        });
}

Status save_model(const Model &model, string_view path, Storage storage) {
    LINNET_ASSIGN(const char *digest, model.digest());
    LINNET_ASSIGN(LinnetWriter writer, LinnetWriter::create(path));
    LINNET_TRY(writer.write_model(model.loaded(), digest, storage == Storage::kHalf));
    if (storage == Storage::kPrepared) LINNET_TRY(add_packed_forms(&writer));
    LINNET_TRY(writer.finish());
    return writer.commit();
}

} // namespace linnet
