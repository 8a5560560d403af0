package health

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
)

// Card is a fictional health card.
type Card struct {
	Number string // 12 digits, as printed on it
	Name   string
	ID     string // national ID, of domain §7.1
	Born   string // ROC, yyymmdd
	Sex    string
	State  State
	Wrong  int // passwords in a row
}

// State is what the verification service knows of a card; the words are those of its answers.
type State string

// The states of a card.
const (
	Usable       State = "ok"
	Locked       State = "locked"
	Unregistered State = "unregistered"
	Expired      State = "expired"
	Cancelled    State = "cancelled"
)

// Password opens every card of the simulator.
const Password = "card2026"

const passwordsAllowed = 3

// cards are the cards there are: one each for the first people of the demonstration, a replacement for the first, and
// one in each state that no card should be in.
func cards() []*Card {
	all := []*Card{
		{Number: "000000000011", Name: "測試甲", ID: "D123000011", Born: "0600305", Sex: "M"},
		{Number: "000000000022", Name: "測試乙", ID: "D223000022", Born: "0681130", Sex: "F"},
		{Number: "000000000030", Name: "測試丙", ID: "R123000030", Born: "0550719", Sex: "M"},
		{Number: "000000000041", Name: "測試丁", ID: "R223000041", Born: "0740101", Sex: "F"},
		{Number: "000000000111", Name: "測試甲", ID: "D123000011", Born: "0600305", Sex: "M"},
		{Number: "000000000911", Name: "測試甲", ID: "D123000011", Born: "0600305", Sex: "M", State: Unregistered},
		{Number: "000000000912", Name: "測試甲", ID: "D123000011", Born: "0600305", Sex: "M", State: Expired},
		{Number: "000000000913", Name: "測試甲", ID: "D123000011", Born: "0600305", Sex: "M", State: Cancelled},
		{Number: "000000000914", Name: "測試甲", ID: "D123000011", Born: "0600305", Sex: "M", State: Locked},
	}
	for _, c := range all {
		if c.State == "" {
			c.State = Usable
		}
	}
	return all
}

// basic is what the component reads from the card: number, name, ID, birthday, sex.
func (c *Card) basic() string {
	return strings.Join([]string{c.Number, c.Name, c.ID, c.Born, c.Sex}, ",")
}

// keyring holds the keys of the cards, and the one with which the component hides from the browser what only the
// verification service may read.
type keyring struct {
	cards map[string]*rsa.PrivateKey
	seal  cipher.AEAD
}

func newKeyring(all []*Card) (*keyring, error) {
	k := &keyring{cards: map[string]*rsa.PrivateKey{}}
	for _, c := range all {
		key, err := rsa.GenerateKey(rand.Reader, 1024) // 128 bytes, as long as the real cards' signatures
		if err != nil {
			return nil, err
		}
		k.cards[c.Number] = key
	}
	var secret [32]byte
	rand.Read(secret[:])
	block, err := aes.NewCipher(secret[:])
	if err != nil {
		return nil, err
	}
	k.seal, err = cipher.NewGCM(block)
	return k, err
}

// sign answers H_Sign: 256 hexadecimal digits.
func (k *keyring) sign(number, text string) (string, error) {
	sum := sha256.Sum256([]byte(text))
	b, err := rsa.SignPKCS1v15(nil, k.cards[number], crypto.SHA256, sum[:])
	return strings.ToUpper(hex.EncodeToString(b)), err
}

func (k *keyring) signed(number, text, signature string) bool {
	sum := sha256.Sum256([]byte(text))
	b, err := hex.DecodeString(signature)
	return err == nil && rsa.VerifyPKCS1v15(&k.cards[number].PublicKey, crypto.SHA256, sum[:], b) == nil
}

// hide makes text unreadable for all but the verification service; what names what it is good for.
func (k *keyring) hide(what, text string) string {
	nonce := make([]byte, k.seal.NonceSize())
	rand.Read(nonce)
	return strings.ToUpper(hex.EncodeToString(k.seal.Seal(nonce, nonce, []byte(text), []byte(what))))
}

func (k *keyring) reveal(what, text string) (string, error) {
	b, err := hex.DecodeString(text)
	if n := k.seal.NonceSize(); err != nil || len(b) < n {
		return "", errors.New("health: nothing hidden")
	}
	n := k.seal.NonceSize()
	plain, err := k.seal.Open(nil, b[:n], b[n:], []byte(what))
	return string(plain), err
}

func find(all []*Card, number string) *Card {
	if i := slices.IndexFunc(all, func(c *Card) bool { return c.Number == number }); i >= 0 {
		return all[i]
	}
	return nil
}
