#pragma once

#include "ui/model/caption.h"

#include <QKeySequence>
#include <QWidget>

#include <functional>
#include <vector>

namespace enroll::ui {

/// A key of a screen: works while that screen is shown, wherever the focus is.
struct ScreenKey {
    QKeySequence keys;
    std::function<void()> act;
};

/// One screen of the application: a page of the MainWindow.
class Screen : public QWidget {
    Q_OBJECT

public:
    explicit Screen(QWidget* parent = nullptr) : QWidget(parent) {}

    /// What the navigation calls it, in the language of the application.
    [[nodiscard]] virtual QString title() const = 0;
    /// The keys it owns. None of MainWindow::ownKeys().
    [[nodiscard]] virtual std::vector<ScreenKey> keys() = 0;
    /// It was just shown, or something changed: asks for what it shows. Never waits; while it is not shown nobody calls
    /// this.
    virtual void refresh() = 0;

    /// What the app bar says of this screen beside the station. A change is told by captionChanged().
    [[nodiscard]] virtual Caption caption() const { return {}; }
    /// Puts the focus where typing begins.
    virtual void takeFocus() { setFocus(Qt::OtherFocusReason); }
    /// A key that no field took. A scanner types wherever the focus is, so a screen that listens to one overrides this.
    virtual void typed(QKeyEvent& event);

    /// Nothing that this screen started is still at work.
    [[nodiscard]] virtual bool idle() const { return true; }
    /// The window closes: ends what is at work, and takes nothing more. idle() turns true later, told by becameIdle().
    virtual void stopForGood() { setEnabled(false); }

Q_SIGNALS:
    void captionChanged();
    /// idle() is true; may be told more than once.
    void becameIdle();

protected:
    void keyPressEvent(QKeyEvent* event) final;
};

} // namespace enroll::ui
