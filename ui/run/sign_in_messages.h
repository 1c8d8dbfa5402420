#pragma once

#include "core/enrollment/people.h"
#include "ui/run/scan_bar.h"

namespace enroll::ui {

// What the scan bar says of who works at the station.

/// \p person signed in; what to scan then is said by \p wanted, as if nothing had happened.
ScanMessage signedInMessage(const enrollment::Person& person, const ScanMessage& wanted);
/// \p person: who was signed in; none: nobody was.
ScanMessage signedOutMessage(const std::optional<enrollment::Person>& person);
/// A badge was scanned, and it is being found out whose it is.
ScanMessage readingBadgeMessage();
/// The station needs a person, and nobody is signed in.
ScanMessage operatorWantedMessage();

/// What somebody is, in the language of the screen.
QString roleText(enrollment::Role role);

} // namespace enroll::ui
