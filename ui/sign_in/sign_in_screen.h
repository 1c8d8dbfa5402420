#pragma once

#include "ui/run/run_screen.h"
#include "ui/shell/screen.h"
#include "ui/sign_in/code_keys.h"
#include "ui/sign_in/pin_digits.h"
#include "ui/sign_in/sign_in_steps.h"
#include "ui/sign_in/station_card.h"

namespace enroll::ui {

/// Who works here, before anything else is shown: a badge, and the PIN of who has one. Also what a locked station shows.
/// What is scanned or typed meanwhile is a badge or a PIN, signs out, or is refused with its code; slots go on, and hear of
/// a label that was refused.
class SignInScreen final : public Screen {
    Q_OBJECT

public:
    SignInScreen(RunController& controller, RunScreen& run, const Theme& theme, const StationIdentity& identity,
                 QWidget* parent = nullptr);

    void showCondition(const StationCondition& condition);
    /// Absent if the number is not known.
    void showQueued(std::optional<int> queued);
    [[nodiscard]] const SignInSteps& steps() const { return m_view->steps(); }
    [[nodiscard]] StationCard& card() const { return *m_card; }
    [[nodiscard]] SignInStepsView& view() const { return *m_view; }
    [[nodiscard]] std::size_t digits() const { return m_digits.size(); }

    /// What was scanned, or typed by hand.
    void enter(const std::string& code, const station::EntryWay& way);

    [[nodiscard]] QString title() const override { return tr("Sign in"); }
    [[nodiscard]] std::vector<ScreenKey> keys() override;
    void refresh() override;
    [[nodiscard]] std::optional<HelpTopic> helpTopic() const override;
    void typed(QKeyEvent& event) override;
    void scanned(const Result<QString>& code) override;
    /// Only who is signed in cuts tests off.
    [[nodiscard]] bool letsClose() override;
    void refuseToClose() override;
    void stopForGood(Closing closing) override;

Q_SIGNALS:
    /// What was entered was not taken.
    void refused();

protected:
    bool event(QEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void takeDigit(char digit);
    void takeBack();
    void enterPin();
    void dropEntered();
    void startAgain();
    void signOut();
    void showState();
    void refuse(const Error& error);
    void say(std::optional<SignInRemark> remark);
    void takeChange();
    /// The clock, and a wait that goes by.
    void tick();
    [[nodiscard]] std::optional<std::chrono::milliseconds> wait() const;
    [[nodiscard]] SlotCounts slotCounts() const;

    RunController& m_controller;
    RunScreen& m_run;
    StationCard* m_card;
    SignInStepsView* m_view;
    CodeKeys m_keys;
    PinDigits m_digits;
    std::size_t m_before = 0; ///< so many digits there were before the last burst of keys
    std::optional<SignInRemark> m_remark;
    StationCondition m_condition;
    std::optional<int> m_queued;
    QTimer m_tick;
    std::optional<enrollment::OperatorId> m_asked; ///< whose PIN was asked for when it was looked last
};

} // namespace enroll::ui
