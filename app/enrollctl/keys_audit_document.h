#pragma once

#include "core/enrollment/key_audit.h"

#include <QJsonObject>

#include <map>

namespace enroll::app::enrollctl {

/// What could not be looked at. The first reasons are kept, the others counted.
struct SkippedKeys {
    static constexpr std::size_t kMostReasons = 20;

    struct Reason {
        std::size_t line = 0; ///< from 1; 0 in a journal
        std::string text;
    };
    std::size_t count = 0;
    std::vector<Reason> reasons;
    std::map<std::string, std::size_t> notUnderstood; ///< of these, the records of newer programs, by their schema
};

/// Where the keys came from and what was found about them.
struct KeysAudit {
    std::string source; ///< the journal's file or the one that was named
    enrollment::KeyAuditReport report;
    SkippedKeys skipped;
};

/// `{schema, source, entries, keys: {rsa, ecc, weak}, skipped: {count, first: [{line, reason}], notUnderstood: [{schema,
/// entries}]}, weaknesses: {word: findings}, findings: [{weakness, detail, devices: [{registrationId, serialNumber}]}]}`; `line` and `serialNumber` are
/// null where there is none.
QJsonObject keysAuditDocument(const KeysAudit& audit);
/// A line for each device of each finding, and the counts.
std::string keysAuditText(const KeysAudit& audit);

} // namespace enroll::app::enrollctl
