#pragma once

#include "db/documents/not_understood.h"

#include <QByteArray>

namespace enroll::db::journal {

struct EntryUnderstanding {
    std::string schema; ///< "enrollment-station/attestation-run/1"; the entry's kind if the document names no schema
    documents::NotUnderstood notUnderstood;
};

/// Lists what this program does not understand of a chain entry: its kind, the version of its document, words, members.
/// That is no damage: a newer program wrote it. Pure.
EntryUnderstanding understandEntry(std::string_view kind, const QByteArray& body);

} // namespace enroll::db::journal
