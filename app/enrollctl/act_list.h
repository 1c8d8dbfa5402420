#pragma once

#include "db/journal/acts.h"

#include <QJsonObject>

#include <span>
#include <string>

namespace enroll::app::enrollctl {

/// `{schema, acts: [{seq, writtenAt, and the members of the act's document}]}`, oldest first.
QJsonObject actListDocument(std::span<const db::journal::StoredAct> acts);
/// The same for people, a line each.
std::string actListText(std::span<const db::journal::StoredAct> acts);

} // namespace enroll::app::enrollctl
