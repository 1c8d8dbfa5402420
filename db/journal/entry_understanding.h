#pragma once

#include "core/base/result.h"
#include "db/documents/not_understood.h"

#include <QByteArray>
#include <QJsonObject>

namespace enroll::db::journal {

struct EntryUnderstanding {
    std::string schema; ///< "enrollment-station/attestation-run/1"; the entry's kind if the document names no schema
    documents::NotUnderstood notUnderstood;
};

/// Lists what this program does not understand of a chain entry: its kind, the version of its document, words, members.
/// That is no damage: a newer program wrote it. Pure.
EntryUnderstanding understandEntry(std::string_view kind, const QByteArray& body);
/// understandEntry() for a body that was parsed.
EntryUnderstanding understandEntry(std::string_view kind, const Result<QJsonObject>& document);

} // namespace enroll::db::journal
