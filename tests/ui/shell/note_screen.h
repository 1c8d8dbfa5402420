#pragma once

#include "ui/shell/screen.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QLabel>

namespace enroll::test {

/// A second screen: shows what is typed on it, F4 takes a line, Escape clears, and it is at work until told otherwise.
class NoteScreen final : public ui::Screen {
    Q_OBJECT

public:
    explicit NoteScreen(QString name, QWidget* parent = nullptr)
        : Screen(parent), m_name(std::move(name)), m_text(new QLabel(this))
    {
        setFocusPolicy(Qt::StrongFocus);
        (new QVBoxLayout(this))->addWidget(m_text);
    }

    [[nodiscard]] QString title() const override { return m_name; }
    [[nodiscard]] std::vector<ui::ScreenKey> keys() override
    {
        return {{Qt::Key_F4, [this] { ++lines; }, QStringLiteral("Another line")},
                {Qt::Key_Escape, [this] { m_text->clear(); }, QStringLiteral("Clear")}};
    }
    void refresh() override { ++refreshed; }
    void scanned(const Result<QString>& code) override { m_text->setText(code.ok() ? *code : QString{}); }
    [[nodiscard]] ui::Caption caption() const override { return {m_name, {}, {}}; }
    void typed(QKeyEvent& event) override
    {
        if (event.text().isEmpty()) {
            return event.ignore();
        }
        m_text->setText(m_text->text() + event.text());
    }
    [[nodiscard]] bool idle() const override { return !m_atWork; }
    void stopForGood(Closing) override { ++stopped; }

    void beginWork() { m_atWork = true; }
    void endWork()
    {
        m_atWork = false;
        Q_EMIT becameIdle();
    }
    [[nodiscard]] QString text() const { return m_text->text(); }

    int lines = 0;
    int refreshed = 0;
    int stopped = 0;

private:
    QString m_name;
    QLabel* m_text;
    bool m_atWork = false;
};

} // namespace enroll::test
