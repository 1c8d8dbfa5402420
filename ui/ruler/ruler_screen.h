#pragma once

#include "ui/ruler/ruler_content.h"
#include "ui/run/run_screen.h"
#include "ui/sign_in/code_keys.h"
#include "ui/sign_in/flat_button.h"

#include <array>

namespace enroll::ui {

struct RulerPlaces;

/// Where somebody says by a ruler or a bank card how wide the screen is: all sizes follow from that. Who may: whoever
/// SignIn::requireAdministrator() lets. A scan is not for this page, whatever it says: scannedHere() passes it on.
class RulerScreen final : public Screen {
    Q_OBJECT

public:
    RulerScreen(RunController& controller, RunScreen& run, const Theme& theme, QWidget* parent = nullptr);

    /// The screen that the window is on now. Of another one than before, what was about to be entered is forgotten.
    void showSubject(const RulerSubject& subject);
    /// What measured() told could not be kept.
    void showNotSaved(const Error& error);
    [[nodiscard]] const RulerState& state() const { return m_state; }

    void choose(RulerWay way);
    /// So many dots of the screen.
    void lengthen(int dots);
    /// Return, or its button.
    void keep();

    [[nodiscard]] QString title() const override { return tr("Measure the screen"); }
    [[nodiscard]] std::vector<ScreenKey> keys() override;
    void refresh() override;
    [[nodiscard]] std::optional<HelpTopic> helpTopic() const override;
    void typed(QKeyEvent& event) override;
    void scanned(const Result<QString>& code) override { Q_EMIT scannedHere(code); }

Q_SIGNALS:
    /// The page shows it as kept already.
    void measured(const enroll::station::MeasuredScreen& screen);
    /// The station's scanner, or one that types, read \p code. Error: why it is refused.
    void scannedHere(const Result<QString>& code);
    /// Somebody is done here.
    void left();

protected:
    bool event(QEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void takeCode(const std::string& code, const station::EntryWay& way);
    /// True for a key that means something here while no scan is under way.
    bool command(const QKeyEvent& event);
    void takeCharacter(QChar character);
    void beginDraft(RulerWay way);
    void say(RulerNews news, std::optional<Error> error = {});
    void showState();
    [[nodiscard]] RulerPlaces places() const;
    [[nodiscard]] double longest() const;
    [[nodiscard]] QRectF lengthBox() const;
    void arrange();

    RunController& m_controller;
    RunScreen& m_run;
    const Theme& m_theme;
    RulerState m_state;
    RulerDraft m_before; ///< as it was before the last burst of keys
    CodeKeys m_keys;
    ScreenScale m_scale;
    std::array<FlatButton*, 3> m_ways;
    FlatButton* m_shorter;
    FlatButton* m_longer;
    FlatButton* m_keep;
    FlatButton* m_back;
};

} // namespace enroll::ui
