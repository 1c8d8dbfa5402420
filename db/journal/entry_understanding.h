#pragma once

#include "db/documents/not_understood.h"

#include <QByteArray>

namespace enroll::db::journal {

struct EntryUnderstanding {
    std::string schema; ///< "enrollment-station/attestation-run/1"; what the entry calls itself where it names none
    documents::NotUnderstood notUnderstood;
};

/// What this program does not understand of a chain entry: its kind, its document's version, words and members, or all
/// of it. Pure; judges nothing.
EntryUnderstanding understandEntry(std::string_view kind, const QByteArray& body);

} // namespace enroll::db::journal
