#pragma once

#include "core/crypto/public_key.h"
#include "core/enrollment/ids.h"

#include <QIODevice>

#include <filesystem>
#include <functional>

namespace enroll::db::exports {

/// The endorsement key of one device as a file tells it; whether it is a good key is not judged.
struct KeyOfFile {
    enrollment::RegistrationId registrationId; ///< derived from the key where the file names none
    enrollment::SerialNumber serialNumber;     ///< empty where the file names none
    crypto::PublicKey key;
};

/// Takes one key. An error ends the reading.
using KeyVisitor = std::function<Result<void>(KeyOfFile key)>;
/// Takes the number of a line, from 1, and what is wrong with it or with one key on it: Error S-334. An error ends the
/// reading, too.
using LineFaultVisitor = std::function<Result<void>(std::size_t line, const Error& fault)>;

/// The longest line that is read; a longer one is a fault, and its rest is passed over.
inline constexpr qint64 kMostOfALine = qint64{4} << 20;

/// So many lines of no form at all at the beginning are no damage: the file is of another kind.
inline constexpr std::size_t kMostOdd = 100;

/// Reads the keys of a file line by line, so that memory does not grow with the file. Each line is one of:
/// - an enrollment record or an attestation run as JSON, the latter as exportJsonLines() writes it; a run that read no
///   key has none;
/// - an individual enrollment as JSON, or a bulk operation of many, as exportDpsBulk() writes it: a comma behind it and
///   lines that hold nothing but a bracket belong to that form;
/// - the base64 of a TPM2B_PUBLIC.
/// Empty lines count but say nothing. What cannot be read goes to \p fault, and the reading goes on, unless it is another
/// kind of file: one without a line of these forms, or that does not have one among its first kMostOdd.
///
/// \par Errors   that of a visitor; S-333 if the device fails; S-334 for a file of another kind, naming these forms
Result<void> forEachKey(QIODevice& in, const KeyVisitor& visit, const LineFaultVisitor& fault);

/// forEachKey() for a file.
/// \par Errors   S-333 naming \p file if it cannot be read; that of a visitor
Result<void> forEachKeyOfFile(const std::filesystem::path& file, const KeyVisitor& visit,
                              const LineFaultVisitor& fault);

} // namespace enroll::db::exports
