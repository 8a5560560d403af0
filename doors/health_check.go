package doors

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"time"

	"cloudbm/taiwan"
)

const (
	checkTime = 10 * time.Second
	checkSize = 16 << 10
)

// asker speaks with the verification service: it follows nobody elsewhere, and gives up in time.
var asker = &http.Client{Timeout: checkTime, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// verdict is the service's answer (docs/health-card.md).
type verdict struct {
	Result string `json:"result"`
	Random string `json:"random"`
	Left   int    `json:"left"`
	Card   string `json:"card"`
	Name   string `json:"name"`
}

var cardNumber = regexp.MustCompile(`^[0-9]{12}$`)

// Verify asks the service whose card made the proof. Whatever it does not clearly vouch for opens nothing: what is wrong
// with the card is a *Trouble, and so is a service that cannot be asked or answers nonsense, with the reason for the log.
func (h Health) Verify(ctx context.Context, p Proof) (HealthCard, error) {
	v, err := h.ask(ctx, p)
	if err != nil {
		return HealthCard{}, errors.Join(&Trouble{Why: serviceDown}, err)
	}
	switch v.Result {
	case "ok":
	case wrongPassword:
		return HealthCard{}, &Trouble{Why: wrongPassword, Left: max(v.Left, 0)}
	case locked, unregistered, expired, cancelled, forged:
		return HealthCard{}, &Trouble{Why: v.Result}
	default:
		return HealthCard{}, errors.Join(&Trouble{Why: serviceDown}, fmt.Errorf("unknown result %.20q", v.Result))
	}
	name, err := taiwan.PersonName(v.Name)
	if err != nil || !cardNumber.MatchString(v.Card) {
		return HealthCard{}, errors.Join(&Trouble{Why: serviceDown}, errors.New("vouches for a card without number or name"))
	}
	return HealthCard{Number: v.Card, Name: name}, nil
}

func (h Health) ask(ctx context.Context, p Proof) (v verdict, err error) {
	body, err := json.Marshal(map[string]string{"version": p.Version, "random": p.Random, "password": p.Password, "basic": p.Basic, "signature": p.Signature})
	if err != nil {
		return v, err
	}
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, h.Check, bytes.NewReader(body))
	if err != nil {
		return v, err
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("Authorization", "Bearer "+h.Key)
	a, err := asker.Do(q)
	if err != nil {
		return v, err
	}
	defer a.Body.Close()
	if a.StatusCode != http.StatusOK {
		return v, fmt.Errorf("status %d", a.StatusCode)
	}
	b, err := io.ReadAll(io.LimitReader(a.Body, checkSize+1))
	if err != nil {
		return v, err
	}
	return readVerdict(b, p.Random)
}

// readVerdict reads an answer about the number random.
func readVerdict(b []byte, random string) (v verdict, err error) {
	if len(b) > checkSize {
		return v, errors.New("the answer is too long")
	}
	if err := json.Unmarshal(b, &v); err != nil {
		return v, err
	}
	if v.Random != random {
		return v, errors.New("the answer is about another number")
	}
	return v, nil
}
