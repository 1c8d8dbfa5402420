#pragma once

#include "core/station/sign_in.h"
#include "ui/model/journal_view.h"
#include "ui/model/station_condition.h"
#include "ui/model/station_identity.h"
#include "ui/run/run_caption.h"
#include "ui/widgets/symbols.h"

#include <QString>

#include <vector>

namespace enroll::ui {

// What the sign-in screen says, as values.

/// What is to be done now.
enum class SignInStage {
    Badge,   ///< to be scanned
    Reading, ///< it is found out whose it is
    Pin,     ///< to be entered
    Waiting, ///< too many wrong ones
    Checking,
    Closing, ///< the window closes by itself
};

/// What did not do, or may not be done.
struct SignInRemark {
    std::optional<ErrorCode> code; ///< none: it is about the window
    QString headline;
    QString next;
    bool operator==(const SignInRemark&) const = default;
};
/// \p left: of the tries before a wait.
SignInRemark refusalRemark(const Error& error, int left);
/// Slots test, and who closes the window has to be somebody.
SignInRemark closeRemark();
SignInRemark kioskRemark();

/// The right side: who is there, and what to do.
struct SignInSteps {
    SignInStage stage = SignInStage::Badge;
    QString person; ///< whose badge was read; empty: nobody's yet
    QString role;
    QString heading;
    QString hint; ///< empty: the heading says it all
    std::optional<SignInRemark> remark = {};
    int typed = 0; ///< so many characters of a badge's code by hand
    bool operator==(const SignInSteps&) const = default;
};
/// What \p signIn asks for. \p wait: how long the person whose PIN is asked for still has to wait.
SignInSteps signInSteps(const station::SignIn& signIn, const std::optional<std::chrono::milliseconds>& wait);
/// The window closes as soon as every slot is at rest.
SignInSteps closingSteps();

/// What is going on in the slots meanwhile.
struct SlotCounts {
    int slots = 0;
    int running = 0;
    int needPerson = 0;
    bool operator==(const SlotCounts&) const = default;
};

/// One line of the left side.
struct CardRow {
    enum class Icon { None, Tick, Spanner, Saved, Queued };
    QString label;
    QString value;
    Icon icon = Icon::None;
    bool operator==(const CardRow&) const = default;
};
/// \p queued: records; none: not known. \p caption: the Run screen's.
std::vector<CardRow> cardRows(const StationCondition& condition, const SlotCounts& slots, const station::SignIn& signIn,
                              const Caption& caption, const std::optional<int>& queued);

} // namespace enroll::ui
