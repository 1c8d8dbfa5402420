#pragma once

#include "tests/app/desktop/shift_floor.h"

#include <QStringList>

#include <filesystem>
#include <map>
#include <span>

namespace enroll::test {

/// The labels that are enrolled in the journal of \p data, each with the endorsement keys of its records, as
/// LabelledDevice::publicKey() says them. None where no journal was begun.
std::map<QString, QStringList> enrolledKeys(const std::filesystem::path& data);

/// Those of \p enrolled that have another key than that of the one of \p devices that carries the label, or more than one
/// record.
QStringList wronglyPaired(const std::map<QString, QStringList>& enrolled, std::span<LabelledDevice* const> devices);

} // namespace enroll::test
